"""The same jobs as the ingest functions', written the usual way: the baselines of `bench_ingest.py`.

boto3, Powertools' Logger, Tracer and Metrics, its REST resolver with request validation, and Pydantic. Imports are
relative, because the package is measured from a folder that holds nothing else.
"""
