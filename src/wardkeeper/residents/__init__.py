"""Residents: records become people here, by probabilistic linkage; with stable ids, households and reasons.

`link` joins records, `link_frames` joins the rows of any frames, `explain` says why two were joined or not, `score` compares a linking with known truth.
"""

from wardkeeper.residents.explanations import Explanation
from wardkeeper.residents.frames import FrameLinks, link_frames
from wardkeeper.residents.linking import Linked, explain, link
from wardkeeper.residents.reports import LinkReport
from wardkeeper.residents.truth import score

__all__ = ["Explanation", "FrameLinks", "LinkReport", "Linked", "explain", "link", "link_frames", "score"]
