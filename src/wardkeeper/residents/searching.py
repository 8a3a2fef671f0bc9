"""Searching: who is a record just typed? Its keys, comparison, weights and vetoes are those of the linking.

    index = prepare(frame, roles, resolve(frame, roles))
    for match in index.search({"given": "Ann", "family": "Lee", "postcode": "CR0 1AA"}): …

Pairs of the new record with the others are weighed exactly as if it had been linked with them by the same model. Left as the linking
found them are the groups, learned forms of names, and what a file tells only as a whole: how far its birth dates hold, which source
repeats people, whose sex a given name usually is, by what to count where people are, whether homes are named outright, which further
keys there was room for.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from threading import Lock

import numpy as np
import polars as pl
from scipy.special import expit

from wardkeeper.residents.arrays import Codes, Flags, Ints, Reals
from wardkeeper.residents.cells import Cells, Column, Encoded
from wardkeeper.residents.clustering import UNSCORED
from wardkeeper.residents.comparing import compare, unpack
from wardkeeper.residents.compiled import kernel
from wardkeeper.residents.constraints import WORDS, Veto, Vetoes, find_veto, find_vetoes
from wardkeeper.residents.crowding import Tables, count, find_locus, mark_crowds
from wardkeeper.residents.fields import Fields, read_fields, read_one
from wardkeeper.residents.keys import KeyTable, find_rows, keys_used, tabulate
from wardkeeper.residents.resolving import Resolved
from wardkeeper.residents.roles import Role
from wardkeeper.residents.vocabulary import (
    Vocabulary,
    add,
    learn_vocabulary,
    note_forms,
    spread_letters,
    write_texts,
)
from wardkeeper.residents.weighing import Mixture, weigh

C = Column
SPARE_TEXTS = 32
"""Room for what one record says that no other does: it has fewer texts."""


@dataclass(frozen=True, slots=True)
class Match:
    """One group that a record may belong to.

    `log_odds` is the mean of the record's links with its members, `probability` what follows from it alone. `rows` are the members
    that were compared, as rows of the frame, the most alike first; `patterns` says what each showed. `veto` forbids it, whatever
    the odds.
    """

    group: int
    log_odds: float
    probability: float
    rows: tuple[int, ...]
    patterns: tuple[int, ...]
    veto: Veto

    @property
    def joins(self) -> bool:
        """Tell whether a linking would have put the record here, were no other group a better one."""
        return self.log_odds > 0 and self.veto is Veto.NONE

    @property
    def reason(self) -> str:
        """Say what forbids it; empty when nothing does."""
        return "" if self.veto is Veto.NONE else WORDS[self.veto]


@dataclass(frozen=True, slots=True)
class Scores:
    """A further record's candidates: rows of the encoded records in order, patterns, log odds, vetoes."""

    rows: Ints
    patterns: Ints
    log_odds: Reals
    vetoes: Vetoes


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups of a linking: each row's, and their rows: those of group g are `members[first[g]:first[g + 1]]`, in order."""

    of: Codes
    members: Ints
    first: Ints


@dataclass(frozen=True, slots=True)
class Index:
    """A linking made ready to look up further records. `cells` and `texts` of `encoded` have room for one more at their end.

    One search at a time writes into that room, so searches of several threads wait for each other.
    """

    roles: Mapping[str, Role]
    homed: bool
    encoded: Encoded
    size: int
    vocabulary: Vocabulary
    keys: tuple[KeyTable, ...]
    crowds: Tables
    locus: Column
    model: Mixture
    groups: Groups
    lock: Lock = field(default_factory=Lock, repr=False, compare=False)

    def search(self, record: Mapping[str, object]) -> tuple[Match, ...]:
        """Give the groups that a record (by the frame's names of columns) may belong to, the likeliest first, forbidden ones last."""
        fields = read_one(record, self.roles, homed=self.homed)
        with self.lock:
            scores = self.score(fields)
            found, odds, vetoes = _judge(
                self.encoded.cells,
                self.size,
                self.encoded.birth_rule,
                (scores.rows, scores.log_odds, scores.vetoes),
                (self.groups.of, self.groups.members, self.groups.first),
            )
        return self._tell(scores, found, odds, vetoes)

    def score(self, fields: Fields) -> Scores:
        """Compare one record with its candidates. Only under the lock."""
        added, size = add(self.vocabulary, fields), self.size
        mark_crowds(self.crowds, added.cells, self.locus)
        self.encoded.cells[size] = added.cells[0]
        write_texts(self.encoded.texts, self.vocabulary.pooled, added.texts)
        records = self.encoded
        if added.related:
            related = np.union1d(records.related, note_forms(records.texts, added.related))
            records = replace(records, related=related)
        rows = np.unique(np.concatenate([find_rows(table, records.cells, size) for table in self.keys]))
        left, right = rows.astype(np.int32), np.full(len(rows), size, np.int32)
        vetoes = find_vetoes(records, left, right)
        seen: Flags = vetoes != Veto.PROTECTED
        patterns = compare(records, left[seen], right[seen])
        return Scores(rows[seen], patterns, weigh(self.model, unpack(patterns)), vetoes[seen])

    def _tell(self, scores: Scores, found: Ints, odds: Reals, vetoes: Vetoes) -> tuple[Match, ...]:
        groups = self.groups.of[scores.rows]
        matches = []
        for group, mean, veto in zip(found.tolist(), odds.tolist(), vetoes.tolist(), strict=True):
            mine = np.flatnonzero(groups == group)
            mine = mine[np.argsort(-scores.log_odds[mine], kind="stable")]
            rows, patterns = self.encoded.order[scores.rows[mine]], scores.patterns[mine]
            told = (tuple(rows.tolist()), tuple(patterns.tolist()), Veto(veto))
            matches.append(Match(group, mean, float(expit(mean)), *told))
        return tuple(sorted(matches, key=lambda one: (one.veto is not Veto.NONE, -one.log_odds, one.group)))


def prepare(frame: pl.DataFrame, roles: Mapping[str, Role], found: Resolved) -> Index:
    """Make a linking ready for searching. `frame` and `roles` are those that were resolved."""
    known = {name: roles[name] for name in frame.columns if name in roles}
    encoded, size = found.encoded, found.encoded.size
    cells = np.concatenate([encoded.cells, np.zeros((1, len(Column)), np.int32)])
    homed = any(role is Role.HOME and frame[name].is_not_null().any() for name, role in known.items())
    vocabulary = learn_vocabulary(read_fields(frame, known, homed=homed), encoded.cells[encoded.rank()], encoded.texts)
    locus, rows = find_locus(encoded.cells), np.arange(size)
    return Index(
        roles=known,
        homed=homed,
        encoded=replace(encoded, cells=cells, texts=spread_letters(encoded.texts, SPARE_TEXTS)),
        size=size,
        vocabulary=vocabulary,
        keys=tuple(tabulate(cells, key, rows) for key in keys_used(found.candidates.keys)),
        crowds=count(encoded.cells, locus),
        locus=locus,
        model=found.choice.model,
        groups=arrange(found.group),
    )


def arrange(group: Codes) -> Groups:
    """List the members of each group."""
    counts = np.bincount(group[group >= 0], minlength=1)
    members = np.argsort(group, kind="stable")
    return Groups(group, members[np.count_nonzero(group < 0) :], np.concatenate([[0], np.cumsum(counts)]))


@kernel
def _judge(
    cells: Cells, row: int, rule: int, scores: tuple[Ints, Reals, Vetoes], groups: tuple[Codes, Ints, Ints]
) -> tuple[Ints, Reals, Vetoes]:
    """Give the groups of the candidates, the mean of the row's links with their members, and what forbids joining any of them."""
    candidates, odds, forbidden = scores
    of, members, first = groups
    found = np.unique(of[candidates]).astype(np.int64)
    means, vetoes = np.empty(len(found)), np.zeros(len(found), np.int8)
    for place in range(len(found)):
        total, group = 0.0, found[place]
        for at in range(first[group], first[group + 1]):
            member = members[at]
            candidate = np.searchsorted(candidates, member)
            if candidate < len(candidates) and candidates[candidate] == member:
                total += odds[candidate]
                veto = forbidden[candidate]
            else:
                total += UNSCORED
                veto = find_veto(cells, member, row, rule)
            if veto != 0:
                vetoes[place] = veto
        means[place] = total / (first[group + 1] - first[group])
    return found, means, vetoes
