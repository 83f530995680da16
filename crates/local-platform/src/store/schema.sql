-- Times are Unix seconds, 0 where nothing happened yet. Amounts in USD are decimal text; units of coins are integers.

CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

-- Accounts whose public key is known, which is what sealing to them needs.
CREATE TABLE accounts (
    address    TEXT PRIMARY KEY,
    public_key TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE providers (
    name           TEXT PRIMARY KEY,
    id             TEXT NOT NULL,
    -- Label below localhost; empty for the provider that shares the platform's own host.
    label          TEXT NOT NULL UNIQUE,
    seed           TEXT NOT NULL,
    wallet_address TEXT NOT NULL,
    sign_address   TEXT NOT NULL,
    -- 1 for a provider of the older kind, which cannot change one domain at a time.
    legacy_ingress INTEGER NOT NULL,
    position       INTEGER NOT NULL
);

CREATE TABLE categories (
    id              TEXT PRIMARY KEY,
    provider        TEXT NOT NULL REFERENCES providers (name),
    name            TEXT NOT NULL,
    description     TEXT NOT NULL,
    service_options TEXT NOT NULL,
    position        INTEGER NOT NULL
);

CREATE TABLE service_types (
    id                TEXT PRIMARY KEY,
    provider          TEXT NOT NULL REFERENCES providers (name),
    category          TEXT NOT NULL,
    name              TEXT NOT NULL,
    description       TEXT NOT NULL,
    refundable        INTEGER NOT NULL,
    service_options   TEXT NOT NULL,
    duration_to_price TEXT NOT NULL,
    position          INTEGER NOT NULL
);

CREATE TABLE currencies (
    contract_id   TEXT PRIMARY KEY,
    symbol        TEXT NOT NULL,
    unit          INTEGER NOT NULL,
    exchange_rate TEXT NOT NULL,
    position      INTEGER NOT NULL
);

CREATE TABLE user_services (
    id                 TEXT PRIMARY KEY,
    provider           TEXT NOT NULL,
    address            TEXT NOT NULL,
    service_id         TEXT NOT NULL,
    service            TEXT NOT NULL,
    service_options    TEXT NOT NULL,
    region             TEXT NOT NULL,
    duration           INTEGER NOT NULL,
    price_paid         TEXT NOT NULL,
    status             TEXT NOT NULL,
    created_at         INTEGER NOT NULL,
    updated_at         INTEGER NOT NULL,
    activate_ts        INTEGER NOT NULL DEFAULT 0,
    running_ts         INTEGER NOT NULL DEFAULT 0,
    done_ts            INTEGER NOT NULL DEFAULT 0,
    abort_ts           INTEGER NOT NULL DEFAULT 0,
    end_at             INTEGER NOT NULL DEFAULT 0,
    label              TEXT NOT NULL DEFAULT '',
    description        TEXT NOT NULL DEFAULT '',
    email              TEXT NOT NULL DEFAULT '',
    -- What is sealed to the owner's key, made when first asked for; null when it has to be made again.
    sealed_magic       TEXT,
    sealed_label       TEXT,
    sealed_description TEXT,
    -- The deployment in force as JSON, null before the first.
    deployment         TEXT,
    -- 1 once the owner was told that it ends soon.
    warned             INTEGER NOT NULL DEFAULT 0
);
-- Lists are newest first; the index holds everything that decides whether an entry is on the page.
CREATE INDEX user_services_list ON user_services (address, created_at DESC, id DESC, status);
CREATE INDEX user_services_count ON user_services (address, status);
CREATE INDEX user_services_end ON user_services (end_at) WHERE status IN ('ServiceRunning', 'ServiceStop');

-- Secrets of services: the one in the sealed magic, and others that were handed out as access tokens.
CREATE TABLE tokens (
    id              TEXT PRIMARY KEY,
    user_service_id TEXT NOT NULL REFERENCES user_services (id),
    secret          TEXT NOT NULL UNIQUE,
    is_primary      INTEGER NOT NULL,
    state           TEXT NOT NULL DEFAULT 'active'
);
CREATE INDEX tokens_service ON tokens (user_service_id);

-- What the runtime needs to go on after a restart of the platform.
CREATE TABLE pods (
    user_service_id TEXT PRIMARY KEY REFERENCES user_services (id),
    host_ip         TEXT NOT NULL,
    state           TEXT NOT NULL
);

CREATE TABLE host_ports (
    provider        TEXT NOT NULL,
    region          TEXT NOT NULL,
    port            INTEGER NOT NULL,
    user_service_id TEXT NOT NULL REFERENCES user_services (id),
    PRIMARY KEY (provider, region, port)
) WITHOUT ROWID;
CREATE INDEX host_ports_service ON host_ports (user_service_id);

CREATE TABLE domains (
    domain          TEXT PRIMARY KEY,
    base_domain     TEXT NOT NULL,
    user_service_id TEXT NOT NULL REFERENCES user_services (id),
    container_port  INTEGER NOT NULL,
    is_https        INTEGER NOT NULL,
    position        INTEGER NOT NULL
);
CREATE INDEX domains_service ON domains (user_service_id, position);

CREATE TABLE orders (
    id          TEXT PRIMARY KEY,
    type        TEXT NOT NULL,
    provider    TEXT NOT NULL,
    recipient   TEXT NOT NULL,
    address     TEXT NOT NULL,
    amount      TEXT NOT NULL,
    amount_paid TEXT NOT NULL,
    status      TEXT NOT NULL,
    activated   INTEGER NOT NULL DEFAULT 0,
    created_at  INTEGER NOT NULL,
    paid_at     INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX orders_list ON orders (address, created_at DESC, id DESC);
CREATE INDEX orders_status ON orders (status);

CREATE TABLE order_items (
    order_id        TEXT NOT NULL REFERENCES orders (id),
    position        INTEGER NOT NULL,
    user_service_id TEXT NOT NULL,
    service         TEXT NOT NULL,
    service_id      TEXT NOT NULL,
    service_options TEXT NOT NULL,
    duration        INTEGER NOT NULL,
    amount          TEXT NOT NULL,
    PRIMARY KEY (order_id, position)
) WITHOUT ROWID;

-- The ledger: balances of the native coin (token_id '') and of tokens, and the transactions that made them.
CREATE TABLE balances (
    address  TEXT NOT NULL,
    token_id TEXT NOT NULL,
    units    INTEGER NOT NULL CHECK (units >= 0),
    PRIMARY KEY (address, token_id)
) WITHOUT ROWID;

CREATE TABLE transactions (
    id          TEXT PRIMARY KEY,
    sender      TEXT NOT NULL,
    recipient   TEXT NOT NULL,
    contract_id TEXT NOT NULL,
    units       INTEGER NOT NULL,
    attachment  BLOB NOT NULL,
    body        TEXT NOT NULL,
    -- 1 once the platform has looked whether it pays an order.
    examined    INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX transactions_unexamined ON transactions (examined) WHERE examined = 0;

CREATE TABLE notices (
    id              INTEGER PRIMARY KEY,
    provider        TEXT NOT NULL,
    address         TEXT NOT NULL,
    user_service_id TEXT NOT NULL,
    notice_type     TEXT NOT NULL,
    timestamp       INTEGER NOT NULL
);
CREATE INDEX notices_list ON notices (address, provider, timestamp DESC, id DESC);

CREATE TABLE contacts (
    provider   TEXT NOT NULL,
    address    TEXT NOT NULL,
    email      TEXT NOT NULL,
    updated_at INTEGER NOT NULL,
    PRIMARY KEY (provider, address)
) WITHOUT ROWID;

-- Verification codes that were mailed. The subject is an account's address or a user service's id.
CREATE TABLE codes (
    subject    TEXT NOT NULL,
    contact    TEXT NOT NULL,
    code       TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    attempts   INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (subject, contact)
) WITHOUT ROWID;

CREATE TABLE outbox (
    id        INTEGER PRIMARY KEY,
    timestamp INTEGER NOT NULL,
    recipient TEXT NOT NULL,
    subject   TEXT NOT NULL,
    body      TEXT NOT NULL
);
