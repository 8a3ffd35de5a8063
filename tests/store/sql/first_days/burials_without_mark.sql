BEGIN TRANSACTION;
CREATE TABLE actions (
	id INTEGER NOT NULL, 
	"case" INTEGER NOT NULL, 
	decision INTEGER, 
	"key" VARCHAR NOT NULL, 
	act VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_actions PRIMARY KEY (id), 
	CONSTRAINT fk_actions_case FOREIGN KEY("case") REFERENCES cases (id) ON DELETE CASCADE, 
	CONSTRAINT fk_actions_decision FOREIGN KEY(decision) REFERENCES decisions (id) ON DELETE CASCADE, 
	CONSTRAINT uq_actions_key UNIQUE ("key")
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE audit (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	who VARCHAR NOT NULL, 
	what VARCHAR NOT NULL, 
	details VARCHAR NOT NULL, 
	previous VARCHAR NOT NULL, 
	hash VARCHAR NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (id)
);
CREATE TABLE cases (
	id INTEGER NOT NULL, 
	inbox INTEGER NOT NULL, 
	community VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	outcome VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	partial VARCHAR NOT NULL, 
	mode VARCHAR NOT NULL, 
	would_have VARCHAR, 
	thumbnail VARCHAR NOT NULL, 
	opened_at DATETIME NOT NULL, 
	CONSTRAINT pk_cases PRIMARY KEY (id), 
	CONSTRAINT fk_cases_inbox FOREIGN KEY(inbox) REFERENCES inbox (id), 
	CONSTRAINT uq_cases_inbox UNIQUE (inbox)
);
CREATE TABLE collections (
	name VARCHAR NOT NULL, 
	purpose VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_collections PRIMARY KEY (name)
);
CREATE TABLE decisions (
	id INTEGER NOT NULL, 
	"case" INTEGER NOT NULL, 
	decision VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	undone_by VARCHAR NOT NULL, 
	undone_at DATETIME, 
	CONSTRAINT pk_decisions PRIMARY KEY (id), 
	CONSTRAINT fk_decisions_case FOREIGN KEY("case") REFERENCES cases (id) ON DELETE CASCADE
);
CREATE TABLE inbox (
	id INTEGER NOT NULL, 
	dedupe_key VARCHAR NOT NULL, 
	platform VARCHAR NOT NULL, 
	community VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	image VARCHAR NOT NULL, 
	author VARCHAR NOT NULL, 
	author_name VARCHAR NOT NULL, 
	file_name VARCHAR NOT NULL, 
	"group" VARCHAR NOT NULL, 
	link VARCHAR NOT NULL, 
	revision INTEGER NOT NULL, 
	received_at DATETIME NOT NULL, 
	attempts INTEGER NOT NULL, 
	not_before DATETIME NOT NULL, 
	why VARCHAR NOT NULL, 
	outcome VARCHAR, 
	reason VARCHAR NOT NULL, 
	content VARCHAR NOT NULL, 
	done_at DATETIME, 
	CONSTRAINT pk_inbox PRIMARY KEY (id), 
	CONSTRAINT uq_inbox_dedupe_key UNIQUE (dedupe_key)
);
CREATE TABLE matches (
	"case" INTEGER NOT NULL, 
	rank INTEGER NOT NULL, 
	reference CHAR(32) NOT NULL, 
	snapshot JSON NOT NULL, 
	kind VARCHAR NOT NULL, 
	confidence FLOAT NOT NULL, 
	cosine FLOAT NOT NULL, 
	inliers INTEGER, 
	area FLOAT NOT NULL, 
	quad JSON, 
	frame INTEGER NOT NULL, 
	CONSTRAINT pk_matches PRIMARY KEY ("case", rank), 
	CONSTRAINT fk_matches_case FOREIGN KEY("case") REFERENCES cases (id) ON DELETE CASCADE
);
CREATE TABLE media (
	"key" VARCHAR NOT NULL, 
	mime VARCHAR NOT NULL, 
	data BLOB NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_media PRIMARY KEY ("key")
);
CREATE TABLE meta (
	"key" VARCHAR NOT NULL, 
	value VARCHAR NOT NULL, 
	CONSTRAINT pk_meta PRIMARY KEY ("key")
);
CREATE TABLE pictures (
	reference CHAR(32) NOT NULL, 
	part INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	CONSTRAINT pk_pictures PRIMARY KEY (reference, part), 
	CONSTRAINT fk_pictures_reference FOREIGN KEY(reference) REFERENCES reference_images (id) ON DELETE CASCADE
);
CREATE TABLE policies (
	platform VARCHAR NOT NULL, 
	community VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	mode VARCHAR NOT NULL, 
	match_at FLOAT NOT NULL, 
	review_at FLOAT NOT NULL, 
	CONSTRAINT pk_policies PRIMARY KEY (platform, community, channel)
);
CREATE TABLE posts (
	id VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	author VARCHAR NOT NULL, 
	file_name VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	removed BOOLEAN NOT NULL, 
	flagged BOOLEAN NOT NULL, 
	data BLOB NOT NULL, 
	CONSTRAINT pk_posts PRIMARY KEY (id), 
	CONSTRAINT uq_posts_number UNIQUE (number)
);
CREATE TABLE reference_images (
	id CHAR(32) NOT NULL, 
	collection VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	title VARCHAR NOT NULL, 
	source_url VARCHAR NOT NULL, 
	owner VARCHAR NOT NULL, 
	rights VARCHAR NOT NULL, 
	note VARCHAR NOT NULL, 
	sha256 VARCHAR NOT NULL, 
	pixel_hash VARCHAR NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	added_at DATETIME NOT NULL, 
	parts INTEGER NOT NULL, 
	revision INTEGER NOT NULL, 
	synced_revision INTEGER NOT NULL, 
	shrunk BOOLEAN NOT NULL, 
	CONSTRAINT pk_reference_images PRIMARY KEY (id), 
	CONSTRAINT fk_reference_images_collection FOREIGN KEY(collection) REFERENCES collections (name) ON DELETE CASCADE, 
	CONSTRAINT uq_reference_images_collection_key UNIQUE (collection, "key")
);
CREATE TABLE tombstones (
	reference CHAR(32) NOT NULL, 
	CONSTRAINT pk_tombstones PRIMARY KEY (reference)
);
CREATE TABLE vectors (
	reference CHAR(32) NOT NULL, 
	part INTEGER NOT NULL, 
	halves BLOB NOT NULL, 
	CONSTRAINT pk_vectors PRIMARY KEY (reference, part), 
	CONSTRAINT fk_vectors_reference FOREIGN KEY(reference) REFERENCES reference_images (id) ON DELETE CASCADE
);
CREATE INDEX ix_inbox_message ON inbox (platform, channel, message);
CREATE INDEX ix_inbox_open ON inbox (not_before, id) WHERE outcome IS NULL;
CREATE INDEX ix_media_expires_at ON media (expires_at);
CREATE INDEX ix_cases_community ON cases (community);
CREATE INDEX ix_cases_sha256 ON cases (sha256);
CREATE INDEX ix_reference_images_sha256 ON reference_images (sha256);
CREATE INDEX ix_unsynced ON reference_images (id) WHERE synced_revision != revision;
CREATE INDEX ix_decisions_case ON decisions ("case");
CREATE INDEX ix_matches_reference ON matches (reference);
CREATE INDEX ix_actions_case ON actions ("case");
CREATE INDEX ix_actions_state ON actions (state);
COMMIT;
