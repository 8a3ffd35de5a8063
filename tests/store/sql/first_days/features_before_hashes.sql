BEGIN TRANSACTION;
CREATE TABLE actions (
	id INTEGER NOT NULL, 
	"case" INTEGER NOT NULL, 
	decision INTEGER, 
	"key" VARCHAR NOT NULL, 
	act VARCHAR NOT NULL, 
	state VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	at DATETIME NOT NULL, receipt VARCHAR DEFAULT '' NOT NULL, attempts INTEGER DEFAULT '0' NOT NULL, not_before DATETIME, 
	CONSTRAINT pk_actions PRIMARY KEY (id), 
	CONSTRAINT fk_actions_case FOREIGN KEY("case") REFERENCES cases (id) ON DELETE CASCADE, 
	CONSTRAINT fk_actions_decision FOREIGN KEY(decision) REFERENCES decisions (id) ON DELETE CASCADE, 
	CONSTRAINT uq_actions_key UNIQUE ("key")
);
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0004');
CREATE TABLE alerts (
	id INTEGER NOT NULL, 
	subscription INTEGER NOT NULL, 
	reference CHAR(32) NOT NULL, 
	snapshot JSON NOT NULL, 
	"case" INTEGER NOT NULL, 
	count INTEGER NOT NULL, 
	told INTEGER NOT NULL, 
	receipt VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	not_before DATETIME, 
	first_at DATETIME NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT pk_alerts PRIMARY KEY (id), 
	CONSTRAINT fk_alerts_subscription FOREIGN KEY(subscription) REFERENCES subscriptions (id) ON DELETE CASCADE, 
	CONSTRAINT fk_alerts_case FOREIGN KEY("case") REFERENCES cases (id) ON DELETE CASCADE
);
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
	opened_at DATETIME NOT NULL, album INTEGER REFERENCES cases (id), intent VARCHAR DEFAULT 'posted' NOT NULL, 
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
CREATE TABLE communities (
	platform VARCHAR NOT NULL, 
	id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	log VARCHAR NOT NULL, 
	exempt JSON NOT NULL, 
	ignored_reporters JSON NOT NULL, 
	reporters_needed INTEGER NOT NULL, 
	reports_an_hour INTEGER NOT NULL, 
	set_up_at DATETIME NOT NULL, 
	CONSTRAINT pk_communities PRIMARY KEY (platform, id)
);
CREATE TABLE cursors (
	platform VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	cursor VARCHAR NOT NULL, 
	CONSTRAINT pk_cursors PRIMARY KEY (platform, channel)
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
	done_at DATETIME, intent VARCHAR DEFAULT 'posted' NOT NULL, thread VARCHAR DEFAULT '' NOT NULL, hint VARCHAR DEFAULT '' NOT NULL, answer_to VARCHAR DEFAULT '' NOT NULL, language VARCHAR DEFAULT '' NOT NULL, 
	CONSTRAINT pk_inbox PRIMARY KEY (id), 
	CONSTRAINT uq_inbox_dedupe_key UNIQUE (dedupe_key)
);
CREATE TABLE invites (
	code VARCHAR NOT NULL, 
	collection VARCHAR NOT NULL, 
	community VARCHAR NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_invites PRIMARY KEY (code), 
	CONSTRAINT fk_invites_collection FOREIGN KEY(collection) REFERENCES collections (name) ON DELETE CASCADE
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
	data BLOB NOT NULL, features BLOB DEFAULT (x'') NOT NULL, 
	CONSTRAINT pk_pictures PRIMARY KEY (reference, part), 
	CONSTRAINT fk_pictures_reference FOREIGN KEY(reference) REFERENCES reference_images (id) ON DELETE CASCADE
);
CREATE TABLE policies (
	platform VARCHAR NOT NULL, 
	community VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	mode VARCHAR NOT NULL, 
	match_at FLOAT NOT NULL, 
	review_at FLOAT NOT NULL, rules JSON DEFAULT '[]' NOT NULL, flag VARCHAR DEFAULT 'flag' NOT NULL, enforce VARCHAR DEFAULT 'remove' NOT NULL, timeout_s INTEGER DEFAULT '3600' NOT NULL, 
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
CREATE TABLE reports (
	platform VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	message VARCHAR NOT NULL, 
	reporter VARCHAR NOT NULL, 
	community VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_reports PRIMARY KEY (platform, channel, message, reporter)
);
CREATE TABLE subscriptions (
	id INTEGER NOT NULL, 
	collection VARCHAR NOT NULL, 
	platform VARCHAR NOT NULL, 
	channel VARCHAR NOT NULL, 
	community VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_subscriptions PRIMARY KEY (id), 
	CONSTRAINT fk_subscriptions_collection FOREIGN KEY(collection) REFERENCES collections (name) ON DELETE CASCADE, 
	CONSTRAINT uq_subscriptions_collection_platform_channel UNIQUE (collection, platform, channel)
);
CREATE TABLE tombstones (
	reference CHAR(32) NOT NULL, 
	revision INTEGER NOT NULL, 
	CONSTRAINT pk_tombstones PRIMARY KEY (reference)
);
CREATE TABLE updates (
	platform VARCHAR NOT NULL, 
	number INTEGER NOT NULL, 
	data BLOB NOT NULL, 
	stored_at DATETIME NOT NULL, 
	done_at DATETIME, 
	CONSTRAINT pk_updates PRIMARY KEY (platform, number)
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
CREATE INDEX ix_inbox_group ON inbox (platform, channel, "group") WHERE "group" != '';
CREATE INDEX ix_cases_album ON cases (album);
CREATE INDEX ix_reports_filed ON reports (platform, reporter, at);
CREATE INDEX ix_alerts_case ON alerts ("case");
CREATE INDEX ix_alerts_burst ON alerts (subscription, reference, last_at);
CREATE INDEX ix_alerts_due ON alerts (id) WHERE count > told;
CREATE INDEX ix_updates_waiting ON updates (platform, number) WHERE done_at IS NULL;
COMMIT;
