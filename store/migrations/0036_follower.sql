-- Who writes to an account from another platform. The openid itself is kept nowhere: openid_blind is a keyed index of account and openid.
-- Followers who are bound to nobody and whose link is over for a day go when another comes.

create table follower (
  id bigint primary key,
  account bigint not null,
  openid_blind bytea not null,
  resident bigint not null,     -- whose it is, 0 for nobody
  bound bigint not null,        -- Unix ms
  link bytea,                   -- SHA-256 of the secret in the address of the link that is open; null for none
  link_until bigint not null,   -- Unix ms
  claimant bigint not null,     -- resident who agreed on the link's page, 0 for nobody yet
  code bytea,                   -- sealed: the number to be written in the talk
  tries integer not null,       -- wrong numbers so far
  rev bigint not null
);

create unique index follower_openid on follower (openid_blind);
create index follower_link on follower (link);
create index follower_resident on follower (resident, bound);
create index follower_until on follower (resident, link_until);

-- Messages of other platforms that a talk has taken: a platform delivers one again when it had no answer in time. A mark is written with the
-- line it became, and is kept for a week; key is a hash.

create table talk_heard (
  key bytea primary key,
  n integer not null,           -- number of the line
  until bigint not null         -- Unix ms
);

create index talk_heard_until on talk_heard (until);

-- Signatures over addresses that platforms posted to, each with a hash of the message it came with: a signature says nothing of the message, and
-- one that was copied must bring no other. Kept for ten minutes, which is longer than its time is believed.

create table follower_seen (
  signature bytea primary key,
  message bytea not null,
  until bigint not null         -- Unix ms
);

create index follower_seen_until on follower_seen (until);
