"""Relinking: after a delivery only what changed is looked up, compared and grouped again, by the weights of the last full linking.

    standing = stand(prepare(frame, roles, found), found)
    standing = relink(standing, removed=rows_gone, added=new_records).standing

The groups are those of a full linking by the same weights, equal claims to a record settled alike, but for what the full one would
count anew for old records: how common their values now are, what the file tells as a whole (see `searching`), forms of names learned,
and keys shared by so many that they are split further, or now by few enough that they are not. The next full linking makes all of it
good.
"""

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from wardkeeper.residents.arrays import Codes, Flags, Ints, Reals
from wardkeeper.residents.blocking import CAP, ROW_BITS
from wardkeeper.residents.cells import Cells, Encoded, Tiebreaks
from wardkeeper.residents.clustering import Scored, find_components, part
from wardkeeper.residents.comparing import compare, group_patterns, unpack
from wardkeeper.residents.compiled import kernel
from wardkeeper.residents.constraints import Veto, Vetoes, find_vetoes
from wardkeeper.residents.crowding import mark_crowds, with_more
from wardkeeper.residents.encoding import break_ties
from wardkeeper.residents.fields import read_fields
from wardkeeper.residents.keys import ROW_MASK, KeyTable, keys_of, split_full
from wardkeeper.residents.resolving import Resolved
from wardkeeper.residents.searching import Index, arrange
from wardkeeper.residents.vocabulary import Added, add, extended, note_forms, spread_letters, write_texts
from wardkeeper.residents.weighing import weigh


@dataclass(frozen=True, slots=True)
class Standing:
    """A linking that can be carried on: its index, and its scored pairs in no order. A row that is gone has the group -1."""

    index: Index
    pairs: Scored


@dataclass(frozen=True, slots=True)
class Relinked:
    """What a delivery made of a linking. `touched` are the rows (of the frame, added ones after it) that were grouped anew.

    The others keep their group, and so their resident; of the touched ones `keep_ids` says who is who.
    """

    standing: Standing
    touched: Ints
    compared: int


def stand(index: Index, found: Resolved) -> Standing:
    """Make a linking ready to be carried on."""
    return Standing(index, found.scored)


def relink(standing: Standing, removed: Ints, added: pl.DataFrame) -> Relinked:
    """Take rows of the frame out and add records with its columns; the standing before stays as it was.

    A changed record is one taken out and one added. Not while the index is being searched.
    """
    before = standing.index
    gone = np.zeros(before.size + added.height, np.bool_)
    gone[_encoded_rows(before)[removed]] = True
    index = _grow(before, added, gone)
    fresh = np.arange(before.size, index.size)
    left, right = _pairs_of(index, fresh)
    pairs, bereft = _carry_on(standing.pairs, _score(index, left, right), gone)
    component = find_components(pairs)
    alone = np.append(bereft[~gone[bereft]], fresh)
    touched = np.flatnonzero(np.isin(component, component[alone]) & ~gone)
    group = _regroup(index, pairs, component, touched)
    group[np.flatnonzero(gone)] = -1
    index = replace(index, groups=arrange(group))
    return Relinked(Standing(index, pairs), index.encoded.order[touched], len(left))


def _encoded_rows(index: Index) -> Ints:
    rank = np.empty(index.size, np.int64)
    rank[index.encoded.order] = np.arange(index.size)
    return rank


def _grow(index: Index, frame: pl.DataFrame, gone: Flags) -> Index:
    """Give the index with more records at its end, and without those that are gone in its tables of keys."""
    added = add(index.vocabulary, read_fields(frame, index.roles, homed=index.homed))
    crowds = with_more(index.crowds, added.cells, index.locus)
    mark_crowds(crowds, added.cells, index.locus)
    encoded = _append(index, added, break_ties(frame, index.roles))
    fresh = np.arange(index.size, index.size + frame.height)
    keys = tuple(_renew(table, encoded.cells, fresh, gone) for table in index.keys)
    vocabulary = extended(index.vocabulary, added)
    return replace(index, encoded=encoded, size=len(gone), vocabulary=vocabulary, keys=keys, crowds=crowds)


def _append(index: Index, added: Added, tiebreaks: Tiebreaks) -> Encoded:
    encoded, size, more = index.encoded, index.size, len(added.cells)
    cells = np.concatenate([encoded.cells[:size], added.cells, encoded.cells[size:]])
    texts = spread_letters(encoded.texts, len(added.texts))
    write_texts(texts, index.vocabulary.pooled, added.texts)
    related = np.union1d(encoded.related, note_forms(texts, added.related))
    order = np.append(encoded.order, np.arange(size, size + more))
    tiebreaks = np.append(encoded.tiebreaks, tiebreaks)
    return replace(encoded, cells=cells, order=order, tiebreaks=tiebreaks, texts=texts, related=related)


def _renew(table: KeyTable, cells: Cells, fresh: Ints, gone: Flags) -> KeyTable:
    more = keys_of(cells, table.key.columns, fresh)
    more = more[more >= 0]
    more.sort()
    return split_full(cells, table.key, _merge(table.groups, more, gone))


@kernel
def _merge(groups: Ints, more: Ints, gone: Flags) -> Ints:
    """Merge two sorted arrays of keys above rows, without the rows that are gone."""
    merged, total, following = np.empty(len(groups) + len(more), np.int64), 0, 0
    for key in groups:
        while following < len(more) and more[following] < key:
            merged[total] = more[following]
            total += 1
            following += 1
        if not gone[key & ROW_MASK]:
            merged[total] = key
            total += 1
    for place in range(following, len(more)):
        merged[total] = more[place]
        total += 1
    return merged[:total].copy()


def _pairs_of(index: Index, fresh: Ints) -> tuple[Codes, Codes]:
    """Give every pair that a fresh row makes, once, lower row first."""
    found = [np.zeros(0, np.int64)]
    for table in index.keys:
        cells, key = index.encoded.cells, table.key
        wide, narrow = keys_of(cells, key.columns, fresh), keys_of(cells, (*key.columns, *key.finer), fresh)
        near = np.argsort(wide)
        found.append(_pair_up(table.groups, table.finer, wide[near], narrow[near], fresh[near], key.cap))
    pairs = np.unique(np.concatenate(found))
    return (pairs >> ROW_BITS).astype(np.int32), (pairs & ROW_MASK).astype(np.int32)


@kernel
def _pair_up(groups: Ints, finer: Ints, wide: Ints, narrow: Ints, fresh: Ints, cap: int) -> Ints:
    """Give the pairs of fresh rows with the rows of a table that share their key, themselves in it too."""
    room, total = 4 * len(fresh) + CAP, 0
    pairs = np.empty(room, np.int64)
    for place in range(len(fresh)):
        table, low, high = _stretch(groups, finer, wide[place], narrow[place], cap)
        if total + high - low > room:
            room *= 2
            wider = np.empty(room, np.int64)
            wider[:total] = pairs[:total]
            pairs = wider
        for at in range(low, high):
            other = table[at] & ROW_MASK
            if other < fresh[place]:
                pairs[total] = other << ROW_BITS | fresh[place]
                total += 1
    return pairs[:total].copy()


@kernel
def _stretch(groups: Ints, finer: Ints, wide: int, narrow: int, cap: int) -> tuple[Ints, np.int64, np.int64]:
    """Give the table in which the rows of a key are few enough to compare, and where they stand in it."""
    for table, key, most in ((groups, wide, cap), (finer, narrow, CAP)):
        if key < 0:
            break
        start = key >> ROW_BITS << ROW_BITS
        low, high = np.searchsorted(table, start), np.searchsorted(table, start + (1 << ROW_BITS))
        if high - low <= most:
            return table, low, high
    return groups, np.int64(0), np.int64(0)


def _score(index: Index, left: Codes, right: Codes) -> Scored:
    vetoes = find_vetoes(index.encoded, left, right)
    seen = vetoes != Veto.PROTECTED
    found, place, _ = group_patterns(compare(index.encoded, left[seen], right[seen]))
    odds = weigh(index.model, unpack(found))[place]
    return Scored(index.size, left[seen], right[seen], odds, vetoes[seen])


def _carry_on(old: Scored, new: Scored, gone: Flags) -> tuple[Scored, Codes]:
    """Give the pairs of those that are not gone, and the rows that were held together with one that is."""
    kept, held = _sort_out(old.left, old.right, old.log_odds, old.vetoes, gone)
    bereft = np.unique(np.append(old.left[held], old.right[held]))
    names = ("left", "right", "log_odds", "vetoes")
    columns = (np.append(getattr(old, name)[kept], getattr(new, name)) for name in names)
    return Scored(new.size, *columns), bereft


@kernel
def _sort_out(left: Codes, right: Codes, odds: Reals, vetoes: Vetoes, gone: Flags) -> tuple[Ints, Ints]:
    """Give the places of the pairs without a row that is gone, and of those that such a row was held together by."""
    kept, held = np.empty(len(left), np.int64), np.empty(len(left), np.int64)
    keeping = holding = 0
    for pair in range(len(left)):
        if not (gone[left[pair]] or gone[right[pair]]):
            kept[keeping] = pair
            keeping += 1
        elif odds[pair] > 0 and vetoes[pair] == 0:
            held[holding] = pair
            holding += 1
    return kept[:keeping], held[:holding].copy()


@kernel
def _find_among(place: Codes, left: Codes, right: Codes) -> Ints:
    """Give the pairs both of whose rows have a place."""
    found, total = np.empty(len(left), np.int64), 0
    for pair in range(len(left)):
        if place[left[pair]] >= 0 and place[right[pair]] >= 0:
            found[total] = pair
            total += 1
    return found[:total].copy()


def _regroup(index: Index, pairs: Scored, component: Codes, rows: Ints) -> Codes:
    """Give each row its group: of the touched rows a new one, numbered after all others.

    They stand here as a full linking would have them, for where two groups have equal claims to a record the order of rows decides.
    """
    before, encoded = index.groups.of, index.encoded
    group = np.append(before, np.full(index.size - len(before), -1, np.int32))
    rows = rows[np.lexsort((encoded.order[rows], encoded.tiebreaks[rows]))]
    some = _among(pairs, rows)
    among = replace(encoded, cells=encoded.cells[rows], order=encoded.order[rows], tiebreaks=encoded.tiebreaks[rows])
    _, numbers = np.unique(component[rows], return_inverse=True)
    group[rows] = part(among, some, numbers.astype(np.int32)) + int(before.max(initial=-1)) + 1
    return group


def _among(pairs: Scored, rows: Ints) -> Scored:
    """Give the pairs both of whose rows are among some, by their places there."""
    place = np.full(pairs.size, -1, np.int32)
    place[rows] = np.arange(len(rows))
    inside = _find_among(place, pairs.left, pairs.right)
    ends = place[pairs.left[inside]], place[pairs.right[inside]]
    left, right = np.minimum(*ends), np.maximum(*ends)
    order = np.lexsort((right, left))
    return Scored(len(rows), left[order], right[order], pairs.log_odds[inside][order], pairs.vetoes[inside][order])
