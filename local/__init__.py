"""The embedded AWS: start it, build layers, deploy the template, mend its known gaps, watch for edits."""
