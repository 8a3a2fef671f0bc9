"""Link one file with Splink and print what `wardkeeper bench linkage --json` prints, so that the two can be laid side by side.

usage: python splink_linkage.py FILE --set council|historical|febrl3 [--settings defaults|fast] [--threads N] [--best]

`pairs` and `clusters` are at Splink's usual threshold, 0.95; with --best also at the threshold that truth likes best, which
favours it. Time and memory are taken before any scoring.
"""

import os
import resource
import time

STARTED = time.perf_counter()

import argparse  # noqa: E402 - the clock starts first: imports are the start-up that is told apart
import json  # noqa: E402
import logging  # noqa: E402
import warnings  # noqa: E402

import duckdb  # noqa: E402
import splink  # noqa: E402
from splink import DuckDBAPI, Linker  # noqa: E402
from splink_models import (  # noqa: E402
    EM_PAIRS,
    LEAST_PROBABILITY,
    MODELS,
    PRIOR_SAMPLE,
    TRAINING_PAIRS,
    settings_of,
)

USUAL = 0.95
THRESHOLDS = (0.01, 0.1, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999, 0.999999, 0.9999999)


def cpu_seconds() -> float:
    """User and system time of this process and its children."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def read(connection, path: str, model) -> None:
    """Make the input's rows, shuffled with a fixed seed; truth goes to a table of its own."""
    source = f"read_parquet('{path}')" if path.endswith(".parquet") else f"read_csv('{path}', all_varchar = true)"
    names = [row[0] for row in connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
    trimmed = ", ".join(f'"{name}" AS "{name.strip()}"' for name in names)
    connection.execute(
        f"""CREATE TABLE numbered AS SELECT row_number() OVER (ORDER BY hash(place)) AS unique_id, * EXCLUDE (place)
            FROM (SELECT row_number() OVER () AS place, * RENAME (unique_id AS given_id)
                  FROM (SELECT {trimmed} FROM {source}))"""
        if "unique_id" in names
        else f"""CREATE TABLE numbered AS SELECT row_number() OVER (ORDER BY hash(place)) AS unique_id, * EXCLUDE (place)
            FROM (SELECT row_number() OVER () AS place, {trimmed} FROM {source})"""
    )
    connection.execute(f"CREATE TABLE people AS SELECT unique_id, {model.columns} FROM numbered ORDER BY unique_id")
    connection.execute(f"CREATE TABLE truth AS SELECT unique_id, {model.truth} AS person FROM numbered")
    connection.execute("DROP TABLE numbered")


def train(linker, model, speed: str) -> None:
    """Estimate the model without truth."""
    training = linker.training
    training.estimate_probability_two_random_records_match(
        model.prior, recall=model.prior_recall, record_sample_proportion=PRIOR_SAMPLE[speed]
    )
    training.estimate_u_using_random_sampling(max_pairs=TRAINING_PAIRS[speed], seed=1)
    for rule in model.training:
        training.estimate_parameters_using_expectation_maximisation(
            rule,
            estimate_without_term_frequencies=model.without_frequencies or speed == "fast",
            max_pairs=EM_PAIRS[speed],
        )


def link(connection, model, speed: str):
    """Train, predict and cluster at the usual threshold; give the linker and the two tables' names."""
    database = DuckDBAPI(connection=connection)
    linker = Linker(database.register(connection.table("people")), settings_of(model, speed), log_level=logging.ERROR)
    train(linker, model, speed)
    predicted = linker.inference.predict(threshold_match_probability=LEAST_PROBABILITY[speed])
    clustered = linker.clustering.cluster_pairwise_predictions_at_threshold(
        predicted, threshold_match_probability=USUAL
    )
    return linker, predicted, clustered


def f1_of(right: int, found: int, true: int) -> dict:
    return {
        "precision": right / found if found else 1.0,
        "recall": right / true if true else 1.0,
        "f1": 2 * right / (found + true) if found + true else 1.0,
    }


class Scorer:
    """Compares tables of pairs and clusters with truth, in SQL."""

    def __init__(self, connection):
        self.connection = connection
        self.true = self.count(
            "SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM (SELECT count(*) n FROM truth GROUP BY person)"
        )

    def count(self, query: str) -> int:
        return int(self.connection.execute(query).fetchall()[0][0])

    def pairs(self, table: str, threshold: float) -> dict:
        joined = f"""FROM {table} p JOIN truth a ON a.unique_id = p.unique_id_l JOIN truth b ON b.unique_id = p.unique_id_r
            WHERE p.match_probability >= {threshold}"""
        right = self.count(f"SELECT count(*) {joined} AND a.person = b.person")
        return f1_of(right, self.count(f"SELECT count(*) {joined}"), self.true)

    def blocked(self, table: str) -> float:
        found = self.count(
            f"""SELECT count(*) FROM {table} p JOIN truth a ON a.unique_id = p.join_key_l
                JOIN truth b ON b.unique_id = p.join_key_r WHERE a.person = b.person"""
        )
        return found / self.true

    def clusters(self, table: str) -> dict:
        self.connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE cells AS SELECT cluster_id, person, count(*)::BIGINT AS n
                FROM {table} JOIN truth USING (unique_id) GROUP BY ALL"""
        )
        right = self.count("SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM cells")
        found = self.count(
            "SELECT coalesce(sum(n * (n - 1) // 2), 0) FROM (SELECT sum(n)::BIGINT n FROM cells GROUP BY cluster_id)"
        )
        [(precision, recall, largest)] = self.connection.execute(
            """SELECT sum(n * n / size) / sum(n), sum(n * n / people) / sum(n), max(size)
               FROM (SELECT n, sum(n) OVER (PARTITION BY cluster_id) AS size, sum(n) OVER (PARTITION BY person) AS people
                     FROM cells)"""
        ).fetchall()
        b3 = {"b3_precision": precision, "b3_recall": recall, "b3_f1": 2 * precision * recall / (precision + recall)}
        return {**f1_of(right, found, self.true), **b3, "largest": int(largest)}


def find_best(linker, predicted, scorer) -> dict:
    """Give the best pair F1 and the best cluster F1 of any threshold, chosen by truth."""
    pairs = {threshold: scorer.pairs(predicted.physical_name, threshold)["f1"] for threshold in THRESHOLDS}
    clusters = {}
    for threshold in THRESHOLDS:
        made = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold_match_probability=threshold
        )
        clusters[threshold] = scorer.clusters(made.physical_name)
        made.drop_table_from_database_and_remove_from_cache()
    pair, cluster = max(pairs, key=pairs.get), max(clusters, key=lambda threshold: clusters[threshold]["f1"])
    return {
        "pairs": {"threshold": pair, "f1": pairs[pair]},
        "clusters": {"threshold": cluster, **clusters[cluster]},
    }


def measure(path: str, name: str, speed: str, threads: int | None, *, best: bool) -> dict:
    startup = cpu_seconds()
    warnings.simplefilter("ignore")
    model = MODELS[name]()
    started = time.perf_counter()
    connection = duckdb.connect(":memory:")
    if threads:
        connection.execute(f"SET threads = {threads}")
    read(connection, path, model)
    linker, predicted, clustered = link(connection, model, speed)
    seconds, cpu = time.perf_counter() - started, cpu_seconds() - startup
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    scorer = Scorer(connection)
    blocked = linker.inference.compute_blocked_pairs_for_predict()
    answer = {
        "tool": f"splink {splink.__version__}, {speed}",
        "records": scorer.count("SELECT count(*) FROM people"),
        "seconds": seconds,
        "cpu_seconds": cpu,
        "startup_cpu_seconds": startup,
        "peak_mb": peak,
        "candidates": scorer.count(f"SELECT count(*) FROM {blocked.physical_name}"),
        "pairs": {
            **scorer.pairs(predicted.physical_name, USUAL),
            "blocking_recall": scorer.blocked(blocked.physical_name),
        },
        "clusters": scorer.clusters(clustered.physical_name),
        "threshold": USUAL,
    }
    return {**answer, "best": find_best(linker, predicted, scorer)} if best else answer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file")
    parser.add_argument("--set", required=True, choices=MODELS)
    parser.add_argument("--settings", default="defaults", choices=TRAINING_PAIRS)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--best", action="store_true")
    asked = parser.parse_args()
    print(json.dumps(measure(asked.file, asked.set, asked.settings, asked.threads, best=asked.best), indent=2))


if __name__ == "__main__":
    main()
