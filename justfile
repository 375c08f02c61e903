# Everyday commands. Each is one line; `cargo xtask --help` says more.

# List the commands.
default:
    @just --list

# Build everything and serve it on 127.0.0.1:8080 with demo data.
run *args:
    cargo xtask run -- {{args}}

# Watch, rebuild and restart while editing.
dev *args:
    cargo xtask dev -- {{args}}

# Everything that CI checks.
test *args:
    cargo xtask test {{args}}

# Formatting, lints and tests on SQLite.
quick:
    cargo xtask test --quick

# Browser journeys only; arguments go to Playwright.
browser *args:
    cargo xtask test --only bundle --only types --only browser -- {{args}}

# The same suite on a throw-away PostgreSQL.
postgres:
    cargo xtask test --only postgres

# The browser application as shipped, into target/spa.
bundle:
    cargo xtask bundle

# Write openapi/openapi.json anew.
openapi:
    cargo xtask openapi

# Measure a release build on a million customers beside the bare limit.
bench *args:
    cargo xtask bench {{args}}

# Licences, sources and known vulnerabilities of all dependencies.
check:
    cargo xtask audit

# Made-up requests over the whole API document; arguments go to Schemathesis.
schemathesis *args:
    cargo xtask test --only openapi --only schemathesis -- {{args}}

# New pictures for the documentation, from the browser journeys.
pictures:
    UPDATE_PICTURES=1 cargo xtask test --only bundle --only browser

# Format all Rust code.
format:
    cargo fmt --all

# Scaffold a module: just new-module after_sales carrier_request --path … --route … --portuguese … --english …
new-module *args:
    cargo xtask new-module {{args}}
