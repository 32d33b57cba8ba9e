"""Prometheus's words begin here: from a snapshot to the bytes of a scrape.

How a line gets into a gzip member, room by room:

    metric_families   the one list: names, types, labels, HELP
         |
    samples           ProjectSnapshot -> Samples, EmployeeSamples      what is to be shown
         |
    rendering         SampleSet -> Chunk                               lines without HELP and TYPE;
         |              large ones as a Segment: deflate blocks that end on a byte, with the size
         |              and CRC-32 of the plain lines, so that they can be put in any order
         |
    page              Chunk -> FamilyPage -> Page -> Body
                        a family: its header, then the chunks of all projects     (one Segment)
                        the projects: all families, concatenated                  (one Segment)
                        the exporter's own metrics, at most a second old          (one Segment)
                        gzip: header + all deflate blocks + end + combined CRC-32: ONE member
                        plain: the same blocks, inflated part by part while they are sent

`publisher` owns the newest snapshots and the page; `telemetry` is the exporter's own metrics.
"""
