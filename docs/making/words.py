"""What the reference says that the code can't say of itself; each table has every value, or the site is not made."""

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
    Verdict.PROPOSE: "It goes into a pull request.",
    Verdict.PERHAPS: "It is shown under *Perhaps*; a maintainer ticks it to add it.",
    Verdict.HOLD: "Not now; a later run decides again.",
    Verdict.REJECT: "Not this paper. Later runs say the same, until list, configuration or answers change.",
}

REASONS: Mapping[Reason, str] = {
    Reason.RELEVANT: "A phrase of a topic was found, and the score is at or above `screening.threshold`: proposed.",
    Reason.ALIKE: "No phrase was found, but the score is at or above `screening.threshold`: proposed.",
    Reason.UNSURE: "The score is below `screening.threshold`, and one of the next best: shown under *Perhaps*.",
    Reason.ASKED: "Named to `arxiv-bot propose`: proposed, whatever its score.",
    Reason.LISTED: "The list names its id, in whatever form of link. The detail is the line.",
    Reason.SAME_TITLE: "An entry with another link has its title. The detail is the line.",
    Reason.PENDING: "An open pull request of the bot has it.",
    Reason.DECLINED: "Unticked, taken out, or closed unmerged. `arxiv-bot propose ID` brings it back.",
    Reason.PASSED_OVER: "Left unticked under *Perhaps* to the end. `arxiv-bot propose ID` brings it back.",
    Reason.NOTED: 'With `mode = "paper"` no text can ask about it. `arxiv-bot propose ID` takes it up.',
    Reason.WAITS: "For a place under *Perhaps*, at most 30 days: `max_perhaps` are shown at a time.",
    Reason.CLAIMED: "Somebody else's open pull request adds it. It is looked at again when that is closed.",
    Reason.REPEATED: "Another paper of this run has the same title and a lower id.",
    Reason.NO_PHRASE: "No phrase, and not enough like the list's papers. Counted in reports, not listed.",
    Reason.EXCLUDED: "One of a topic's `excludes` was found, and no other topic matches.",
    Reason.OTHER_CATEGORY: "A phrase was found, and the paper is in none of that topic's `categories`.",
    Reason.LOW_SCORE: "A phrase was found, and the paper is unlike the list's: below `screening.threshold`.",
    Reason.WITHDRAWN: "Its comment on arXiv says so.",
    Reason.REPLACEMENT: "The feed announced a new version of an old paper.",
    Reason.SNOOZED: "Closed with the label `arxiv-bot:later` less than 30 days ago.",
    Reason.BATCHES_OPEN: "`pull_request.max_open` batches are open and full. It follows when one is merged or closed.",
    Reason.NO_PLACE: "No section could be found for it, or no form of an entry learned; the detail says which.",
}

OUTCOMES: Mapping[OutcomeKind, str] = {
    OutcomeKind.CREATED: "A pull request was opened.",
    OutcomeKind.UPDATED: "Its branch or its text was changed: papers came in, or unticked papers went out.",
    OutcomeKind.UNCHANGED: "Nothing had to change.",
    OutcomeKind.CLOSED: "The bot closed it, since no paper was left in it. That declines nothing.",
    OutcomeKind.LABELLED: "An earlier run was interrupted before it could label it.",
    OutcomeKind.PREVIEWED: "A dry run: this is what would be written.",
    OutcomeKind.FROZEN: "A person pushed to, reviewed or edited it, or it is held; the detail says which.",
    OutcomeKind.RACE_LOST: "Somebody was quicker; nothing was overwritten.",
    OutcomeKind.FAILED: "GitHub failed or refused; the failure says what to do.",
}

RULES: Mapping[CheckRule, str] = {
    CheckRule.REPEATED: "A paper is listed twice: in one section, or in two of a list that hardly ever does so.",
    CheckRule.TWO_TITLES: "One id stands under two titles.",
    CheckRule.TWO_IDS: "An entry links two arXiv papers, in a list whose entries hardly ever do.",
    CheckRule.OTHER_PAPER: "The id belongs to a paper of another title, as a snapshot (`--source`) knows.",
    CheckRule.VERSION: "A link names a version (`v2`), in a list most of whose links don't.",
    CheckRule.HTTP: "A link is `http:`, in a list most of whose links are not.",
    CheckRule.PDF: "A link leads to the PDF, in a list whose links lead to abstracts.",
    CheckRule.MALFORMED: "No paper can have that id.",
    CheckRule.ORDER: "An entry is out of its section's order, by the dates that the list writes, else by ids.",
    CheckRule.YEAR: "An entry stands under another year than its paper's.",
    CheckRule.NO_LINK: "An entry has no link, in a list where entries have one.",
}

EXIT_CODES: Mapping[int, str] = {
    0: "Done, also when nothing is new.",
    1: "arXiv or GitHub failed, and what could be done was done; or `check` or `doctor` found a problem.",
    2: "The command, the configuration or the list is wrong; the message says where, and what to write.",
    3: "A bug. The message has what an issue about it needs.",
    130: "Interrupted.",
}

VARIABLES: Mapping[str, str] = {
    "GITHUB_TOKEN": "The token that the bot acts with. Not needed for a dry run of a public list.",
    "GITHUB_API_URL": "GitHub's API: set by GitHub Actions, and to be set for GitHub Enterprise elsewhere. Default: `https://api.github.com`.",
    "GITHUB_OUTPUT": "Set by GitHub Actions: the file that takes a step's outputs.",
    "GITHUB_STEP_SUMMARY": "Set by GitHub Actions: the file that takes the job's summary.",
    "GITHUB_SERVER_URL": "Set by GitHub Actions: with two more, the address of the run, for the pull request's text.",
    "GITHUB_REPOSITORY": "Set by GitHub Actions.",
    "GITHUB_RUN_ID": "Set by GitHub Actions.",
    "NO_COLOR": "Set to anything, it keeps colours out of the terminal.",
    "FORCE_COLOR": "Set to anything, it brings colours where the terminal would not be thought to have them.",
    "COLUMNS": "How many columns to write for, in place of the terminal's width.",
    "TERM": "A terminal called `dumb` gets neither colours nor links.",
    "GITHUB_ACTIONS": "Set by GitHub Actions: the log mentions long waits.",
    "ARXIV_BOT_SEARCH_URL": "Another search API than arXiv's, such as a test server's.",
    "ARXIV_BOT_FEED_URL": "Other announcement feeds than arXiv's.",
    "ARXIV_BOT_OAI_URL": "Another OAI-PMH service than arXiv's.",
    "XDG_CACHE_HOME": "Where `backfill --source oai` keeps months, below `arxiv-bot/`. Default: `~/.cache`.",
    "ARXIV_API_KEY": "A key for arXiv's services, sent only to them, as a bearer token. arXiv asks for none yet.",
}

TEMPLATES = '''\
`list.template` is a [Jinja](https://jinja.palletsprojects.com/en/stable/templates/) template for one entry, in place of
the form learned from the list. It runs in a sandbox, without files or network. These names can be used, escaped for
Markdown where they are words of arXiv's:

`title`
:   The title, TeX as plain text.

`authors`
:   The authors' names, a list.

`id`, `url`
:   The id without a version, and the address of the abstract.

`year`, `month`, `date`
:   When the paper was submitted; `date` is as `2025-10-20`, and empty where the source does not say.

`abstract`
:   The abstract, escaped for HTML.

`code`
:   The repository on GitHub that abstract or comment name; empty where none is named.

```toml
[list]
template = """
- [{{ title }}]({{ url }}), {{ authors[:3] | join(", ") }}{{ " et al." if authors | length > 3 }} ({{ year }})
"""
```
'''
