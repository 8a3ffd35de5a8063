"""PRIVACY.md is a promise: each row of its table and each of its sentences has a test, named here.

A promise that is changed, added or dropped fails until its test is named; `ADVICE` says what promises nothing.
"""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "PRIVACY.md").read_text(encoding="utf-8")

FORGET, NOBODYS, PRIVATE = (
    "tests/store/sql/test_forget.py",
    "tests/store/sql/test_nobodys.py",
    "tests/handlers/test_private.py",
)
DISCORD, MATRIX = "tests/bot/fronts/discord", "tests/bot/fronts/matrix"
FOLDER, ABUSE, SIGNIN = "tests/bot/test_data_folder.py", "tests/handlers/test_abuse.py", "tests/web/test_signin.py"

ROWS = {
    "an image that was only looked up": f"{PRIVATE}::test_a_search_keeps_nothing",
    "evidence pictures of `resight search": f"{FOLDER}::test_what_commands_write_is_the_owners",
    "thumbnail of such an image, 256 px, if it matched in the chat": "tests/store/sql/test_media.py::"
    "test_expiring_deletes_what_is_due_only",
    "an image posted, asked about or reported": f"{PRIVATE}::test_a_file_is_in_memory_only",
    "what is written and posted in `resight chat`": "tests/bot/fronts/terminal/test_front.py::"
    "test_what_is_written_is_in_memory_only",
    "thumbnail of such an image, 256 px, if it matched, may match": f"{PRIVATE}::test_evidence_is_off_the_disk_in_time",
    "an image that was removed on Discord": f"{DISCORD}/test_acts.py::test_the_card_keeps_what_is_removed",
    "how to find the image again": f"{FORGET}::test_the_author_of_posts_everywhere",
    "embeddings of an image posted": f"{PRIVATE}::test_what_is_remembered_is_off_the_disk_in_time",
    "raw updates of Telegram": f"{PRIVATE}::test_a_raw_update_is_emptied_when_it_is_done",
    "events of Matrix with a file": f"{PRIVATE}::test_a_raw_update_is_emptied_when_it_is_done",
    "encrypted events of Matrix": f"{MATRIX}/test_sealed.py::test_it_is_given_up_in_time",
    "the login on Matrix": f"{MATRIX}/test_login.py::test_a_person_is_forgotten_in_the_keys",
    "the evidence picture of a card on Matrix": f"{MATRIX}/test_sealed.py::"
    "test_an_evidence_picture_is_encrypted_where_the_room_is",
    "how old the account": "tests/handlers/chat/test_cards.py::test_the_age_of_an_account_is_one_number",
    "how many earlier cases": "tests/store/sql/test_earlier.py::test_earlier_cases_of_an_author_are_counted",
    "who asked what an image is": f"{NOBODYS}::test_a_clean_question_leaves_nothing_of_who_asked",
    "who reported which message": f"{NOBODYS}::test_old_reports_end_on_their_own",
    "what a community's staff chose": f"{FORGET}::test_chats_with_them",
    "an image posted to the built-in channel": f"{NOBODYS}::test_posts_without_a_case_end",
    "what an author is told": "tests/chat/test_author_acts.py::test_authors_are_told_where_staff_chose_so",
    "author, file name and link of a post": f"{NOBODYS}::test_a_clean_post_of_the_channel_is_nobodys",
    "message, time, verdict and fingerprint": f"{NOBODYS}::test_a_message_of_a_private_chat_is_known_again",
    "a case: plain SHA-256": f"{NOBODYS}::test_old_questions_end_with_their_cases",
    "which posts are one burst": "tests/store/sql/test_bursts.py::test_who_is_forgotten_is_not_counted_any_more",
    "thumbnail of a match or review": f"{PRIVATE}::test_evidence_is_off_the_disk_in_time",
    "of the same images up to four frames": "tests/handlers/test_decided.py::test_after_the_evidence_a_hash_is_left",
    "what was written with a post": f"{PRIVATE}::test_the_words_of_a_post_are_evidence",
    "words and codes that were read": "tests/store/sql/test_reading.py::test_words_go_with_the_picture",
    "which reference a community's staff chose": "tests/store/sql/test_choices.py::test_who_chose_is_forgotten",
    "reference images: a JPEG": f"{PRIVATE}::test_a_removed_reference_is_off_the_disk",
    "who changed what": f"{FORGET}::test_names_under_what_was_decided",
    "which message of a Telegram group is whose": "tests/bot/fronts/telegram/test_recent.py::"
    "test_who_wrote_what_is_in_memory_for_a_while",
    "who is signed in": f"{SIGNIN}::test_sessions_end",
    "name on the channel page, language": "tests/web/test_channel.py::test_name_and_language_are_kept_for_a_year",
}

SENTENCES = {
    "It sends nothing to its authors": "tests/e2e/test_quiet.py::test_it_speaks_to_nobody",
    "It goes to the network only": "tests/e2e/test_quiet.py::test_it_speaks_to_nobody",
    "With `RESIGHT_FOLLOW_LINKS`": "tests/bot/fronts/telegram/test_links.py::test_links_are_not_followed_by_default",
    "Folder and files are readable": f"{FOLDER}::test_a_folder_that_was_open_is_closed",
    "Thumbnails and stored reference pictures": f"{PRIVATE}::test_a_reference_is_drawn_anew",
    "A known image that staff add": "tests/chat/test_titles.py::test_the_post_says_the_title",
    "The title stays when the post": f"{FORGET}::test_the_title_of_a_known_image_stays",
    "Cases from before keep the title": f"{FORGET}::test_a_title_of_before_stays_in_cases_and_for_a_while_in_the_log",
    "Posts of the channel are kept as uploaded": "tests/store/sql/test_posts.py::test_a_post_comes_back",
    "A removed post is hidden": "tests/web/test_channel.py::test_a_decision_removes_and_undo_restores",
    "`resight remove` and": f"{PRIVATE}::test_a_removed_reference_is_off_the_disk",
    "`resight forget NUMBER` takes": f"{FORGET}::test_the_author_of_posts_everywhere",
    "Who decided, chose, added": f"{FORGET}::test_names_under_what_was_decided",
    "The verdicts and decisions stay": f"{FORGET}::test_names_under_what_was_decided",
    "Images that wait for a verdict": f"{FORGET}::test_a_question_that_is_not_answered_waits",
    "Deleted bytes are written over": f"{NOBODYS}::test_the_write_ahead_log_is_emptied_each_minute",
    "SQLite may leave a copy": f"{FORGET}::test_nothing_is_left_between_the_rows_of_others",
    "`resight forget` therefore writes": f"{FORGET}::test_nothing_is_left_between_the_rows_of_others",
    "What differs and where": "tests/store/sql/test_reading.py::test_words_go_with_the_picture",
    "The button on every card": f"{ABUSE}::test_the_post_goes_and_nothing_is_kept",
    "Hashes stay": "tests/handlers/test_decided_limits.py::test_abuse_takes_the_pictures_of_all_its_copies",
    "A post whose image was clean": f"{NOBODYS}::test_posts_without_a_case_end",
    "Images, tokens and the queries": "tests/bot/test_logs.py::test_no_secret_is_written",
}

ADVICE = (
    "Resight runs where you install it",
    "All tables are in",
    "Nothing is encrypted on disk",
    "512 numbers that describe",
    "The picture can't be shown again",
    "They may name people",
    "A card that was sent to a chat",
    "Errors go to standard error",
)


def rows() -> list[str]:
    """The first cell of each row but the head."""
    cells = [line.split("|")[1].strip() for line in PAGE.splitlines() if line.startswith("|")]
    return cells[2:]


def sentences() -> list[str]:
    """What stands around the table, without the names of the points."""
    text = " ".join(line for line in PAGE.splitlines()[1:] if not line.startswith("|"))
    plain = re.sub(r"(^|\s)- \*\*[^*]+\*\*", " ", text)
    return [one for one in re.split(r"(?<=[.])\s+", re.sub(r"\s+", " ", plain).strip()) if one]


def defined(test: str) -> bool:
    path, _, name = test.partition("::")
    return re.search(rf"def {name}\(", (ROOT / path).read_text(encoding="utf-8")) is not None


@pytest.mark.parametrize("row", rows())
def test_each_row_has_a_test(row: str) -> None:
    """What is kept where, and for how long."""
    (test,) = [test for start, test in ROWS.items() if row.startswith(start)]

    assert defined(test), test


@pytest.mark.parametrize("sentence", sentences())
def test_each_sentence_has_a_test(sentence: str) -> None:
    """Whatever is promised around the table."""
    tests = [test for start, test in SENTENCES.items() if sentence.startswith(start)]

    assert tests or sentence.startswith(ADVICE), f"No test is named for: {sentence}"
    assert all(defined(test) for test in tests), tests


def test_no_promise_is_named_that_is_not_made() -> None:
    """Whoever drops a promise drops it here, too."""
    told = (*rows(), *sentences())

    assert [one for one in (*ROWS, *SENTENCES, *ADVICE) if not any(line.startswith(one) for line in told)] == []
