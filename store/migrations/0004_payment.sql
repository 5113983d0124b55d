-- Money that residents were asked for, what moved, and what a day's comparison with the channel found.

create table payment_order (
  no text primary key,         -- out_trade_no
  id bigint not null,
  for_kind text not null,
  for_no text not null,
  step text not null,
  attempt integer not null,
  resident bigint not null,
  account bigint not null,
  region text not null,
  sector text not null,
  service text not null,
  amount bigint not null check (amount > 0), -- fen
  payee text not null,
  about text not null,
  state text not null check (state in ('ordered', 'paid', 'refunding', 'refunded', 'closed')),
  url text not null,
  trade text unique,           -- the channel's transaction, null until paid
  refund_no text not null,
  reason text not null,
  asked integer not null,
  extras integer not null,     -- rows in payment_extra
  created bigint not null,     -- this and the next: Unix ms
  expires bigint not null,
  paid_at bigint not null,
  refunded_at bigint not null,
  rev bigint not null,
  unique (for_kind, for_no, step, attempt),
  check ((state in ('paid', 'refunding', 'refunded')) = (trade is not null)),
  check ((state = 'refunded') = (refunded_at > 0))
);

-- Transactions beyond the one that paid.
create table payment_extra (
  order_no text not null references payment_order (no),
  seq integer not null,
  trade text not null,
  amount bigint not null,
  currency text not null,
  state text not null check (state in ('disputed', 'owed', 'returned')),
  refund_no text not null,
  asked integer not null,
  at bigint not null,
  refunded_at bigint not null,
  primary key (order_no, seq)
);

-- The ledger: each row moves one amount from the credit to the debit account, so every posting
-- sums to zero by its form. Rows are never changed.
create table payment_posting (
  kind text not null check (kind in ('paid', 'refunded', 'surplus', 'surplus_returned')),
  ref text not null,           -- the channel's transaction, or our refund number
  order_no text not null references payment_order (no),
  debit text not null,
  credit text not null,
  amount bigint not null check (amount > 0),
  at bigint not null,          -- Unix ms, when the money moved at the channel
  primary key (kind, ref),
  check (debit <> credit)
);

create index payment_posting_at on payment_posting (at);

create table payment_day (
  date text primary key,       -- YYYY-MM-DD in Asia/Shanghai
  try integer not null,
  done boolean not null,
  lines integer not null,
  findings integer not null,
  ours bigint not null,
  theirs bigint not null,
  at bigint not null
);

create table payment_finding (
  day text not null,
  order_no text not null,
  kind text not null check (kind in ('missing_here', 'missing_there', 'amount', 'state')),
  ours bigint not null,
  theirs bigint not null,
  at bigint not null,
  primary key (day, order_no, kind)
);
