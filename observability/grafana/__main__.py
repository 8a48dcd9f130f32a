"""`python -m observability.grafana` writes dashboards/*.json from what the modules beside this one describe."""

from observability.grafana.written import write

if __name__ == "__main__":
    write()
