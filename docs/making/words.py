"""Explains values in the reference that the code can't explain; each table must have every value."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.check_rules import CheckRule
from bot.core.model import OutcomeKind, Reason, Verdict

KINDS: Mapping[str, str] = {
    "string": "text",
    "array": "list",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
}

VERDICTS: Mapping[Verdict, str] = {
    Verdict.PROPOSE: "The paper goes into a pull request.",
    Verdict.PERHAPS: "The paper is shown under *Perhaps*; a maintainer ticks it to add it.",
    Verdict.HOLD: "The paper waits; a later run decides again.",
    Verdict.REJECT: "The paper is not proposed, until the list, the configuration or an answer changes.",
}

REASONS: Mapping[Reason, str] = {
    Reason.RELEVANT: (
        "A phrase of a topic matches, and the score is at or above `screening.threshold`. Proposed."
    ),
    Reason.ALIKE: "No phrase matches, but the score is at or above `screening.threshold`. Proposed.",
    Reason.UNSURE: (
        "The score is below `screening.threshold`, but among the next best. Shown under *Perhaps*."
    ),
    Reason.ASKED: "Somebody named the paper to `arxiv-bot propose`. Proposed, whatever its score.",
    Reason.LISTED: "The list has a link with the paper's id. The detail is the line.",
    Reason.SAME_TITLE: "An entry with another link has the paper's title. The detail is the line.",
    Reason.PENDING: "An open pull request of the bot has the paper.",
    Reason.DECLINED: (
        "A maintainer unticked the paper, deleted its entry, or closed its pull request without "
        "merging. `arxiv-bot propose ID` brings it back."
    ),
    Reason.PASSED_OVER: (
        "The paper was still unticked under *Perhaps* when its pull request was merged or closed. "
        "`arxiv-bot propose ID` brings it back."
    ),
    Reason.NOTED: (
        'With `mode = "paper"` no pull request can show the paper under *Perhaps*. `arxiv-bot propose '
        "ID` proposes it."
    ),
    Reason.WAITS: (
        "The paper waits for a place under *Perhaps*, which shows at most `max_perhaps`. It waits at "
        "most 30 days."
    ),
    Reason.CLAIMED: (
        "Somebody else's open pull request adds the paper. The bot considers it again when that pull "
        "request is closed."
    ),
    Reason.REPEATED: "Another paper of this run has the same title and a lower id.",
    Reason.NO_PHRASE: (
        "No phrase matches, and the paper is not similar enough to the list. Reports only count these "
        "papers."
    ),
    Reason.EXCLUDED: "One of a topic's `excludes` was found, and no other topic matches.",
    Reason.OTHER_CATEGORY: "A phrase matches, but the paper is in none of that topic's `categories`.",
    Reason.LOW_SCORE: "A phrase matches, but the score is below `screening.threshold`.",
    Reason.WITHDRAWN: "The paper's comment on arXiv says so.",
    Reason.REPLACEMENT: "The feed announced a new version of an old paper.",
    Reason.SNOOZED: (
        "A maintainer closed the pull request with the label `arxiv-bot:later` less than 30 days "
        "ago."
    ),
    Reason.BATCHES_OPEN: (
        "`pull_request.max_open` batches are open and full. The paper is proposed when one of them is "
        "merged or closed."
    ),
    Reason.NO_PLACE: (
        "The bot found no section for the paper, or could learn no form for its entry. The detail says "
        "which."
    ),
}

OUTCOMES: Mapping[OutcomeKind, str] = {
    OutcomeKind.CREATED: "A pull request was opened.",
    OutcomeKind.UPDATED: "The branch or the text was changed: papers were added, or unticked papers removed.",
    OutcomeKind.UNCHANGED: "Nothing had to change.",
    OutcomeKind.CLOSED: (
        "The bot closed the pull request, since no paper was left in it. That declines nothing."
    ),
    OutcomeKind.LABELLED: (
        "The bot added labels, because an earlier run was interrupted before it could do so."
    ),
    OutcomeKind.PREVIEWED: "A dry run: this is what would be written.",
    OutcomeKind.FROZEN: (
        "A person pushed to, reviewed or edited the pull request, or labelled it `arxiv-bot:hold`; the "
        "detail says which."
    ),
    OutcomeKind.RACE_LOST: "Somebody changed the pull request during the run; nothing was overwritten.",
    OutcomeKind.FAILED: "GitHub failed or refused; the failure says what to do.",
}

RULES: Mapping[CheckRule, str] = {
    CheckRule.REPEATED: (
        "A paper is listed twice in one section, or in two sections of a list that hardly ever repeats "
        "papers."
    ),
    CheckRule.TWO_TITLES: "Two entries have the same id and different titles.",
    CheckRule.TWO_IDS: "An entry links two arXiv papers, in a list whose entries hardly ever do.",
    CheckRule.OTHER_PAPER: (
        "According to the snapshot (`--source`), the id belongs to a paper with another title."
    ),
    CheckRule.VERSION: "A link names a version (`v2`), although most links of the list don't.",
    CheckRule.HTTP: "A link is `http:`, although most links of the list are not.",
    CheckRule.PDF: "A link leads to the PDF, in a list whose links lead to abstracts.",
    CheckRule.MALFORMED: "No paper can have that id.",
    CheckRule.ORDER: (
        "An entry is out of its section's order, by the dates in the list or, without dates, by "
        "ids."
    ),
    CheckRule.YEAR: "An entry is under another year than its paper's.",
    CheckRule.NO_LINK: "An entry has no link, in a list where entries have one.",
}

EXIT_CODES: Mapping[int, str] = {
    0: "Success, even if nothing is new.",
    1: "arXiv or GitHub failed, and the rest of the work is done; or `check` or `doctor` found a problem.",
    2: "The command, the configuration or the list is wrong; the message says where, and what to write.",
    3: "A bug in arxiv-bot. The message has what an issue about it needs.",
    130: "Interrupted.",
}

VARIABLES: Mapping[str, str] = {
    "GITHUB_TOKEN": "The token that the bot uses. Not needed for a dry run of a public list.",
    "GITHUB_API_URL": (
        "The address of GitHub's API. GitHub Actions sets it; set it yourself for GitHub Enterprise on "
        "another machine. Default: `https://api.github.com`."
    ),
    "GITHUB_OUTPUT": "Set by GitHub Actions: the file that takes a step's outputs.",
    "GITHUB_STEP_SUMMARY": "Set by GitHub Actions: the file that takes the job's summary.",
    "GITHUB_SERVER_URL": (
        "Set by GitHub Actions. Together with `GITHUB_REPOSITORY` and `GITHUB_RUN_ID` it is the address "
        "of the run, which the pull request links."
    ),
    "GITHUB_REPOSITORY": "Set by GitHub Actions.",
    "GITHUB_RUN_ID": "Set by GitHub Actions.",
    "NO_COLOR": "Any value switches colours off.",
    "FORCE_COLOR": "Any value switches colours on, even if the output is not a terminal.",
    "COLUMNS": "The width of the output in columns, instead of the terminal's width.",
    "TERM": "The value `dumb` switches colours and links off.",
    "GITHUB_ACTIONS": "Set by GitHub Actions: the log mentions long waits.",
    "ARXIV_BOT_SEARCH_URL": "The address of a search API to use instead of arXiv's, such as a test server's.",
    "ARXIV_BOT_FEED_URL": "The address of announcement feeds to use instead of arXiv's.",
    "ARXIV_BOT_OAI_URL": "The address of an OAI-PMH service to use instead of arXiv's.",
    "XDG_CACHE_HOME": "The folder for caches; the bot's are below it in `arxiv-bot/`. Default: `~/.cache`.",
    "ARXIV_API_KEY": (
        "A key for arXiv's services, sent only to them, as a bearer token. arXiv does not require a key "
        "yet."
    ),
}

TEMPLATES = '''\
`list.template` is a [Jinja](https://jinja.palletsprojects.com/en/stable/templates/) template for one entry, in place of
the form learned from the list. It runs in a sandbox, without files or network. It can use these names. Text from arXiv
is escaped for Markdown:

`title`
:   The title, with TeX as plain text.

`authors`
:   The list of the authors' names.

`id`, `url`
:   The id without a version, and the address of the abstract page.

`year`, `month`, `date`
:   When the paper was submitted. `date` looks like `2025-10-20`, and is empty if the source does not say.

`abstract`
:   The abstract, escaped for HTML.

`code`
:   The address of the GitHub repository that the abstract or the comment names; empty if there is none.

```toml
[list]
template = """
- [{{ title }}]({{ url }}), {{ authors[:3] | join(", ") }}{{ " et al." if authors | length > 3 }} ({{ year }})
"""
```
'''
