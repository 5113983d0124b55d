package sqldb

import (
	"context"
	"database/sql"
	"fmt"
)

// The event table only grows: the database itself refuses update and delete (security.md T40).

func guardSQLite(ctx context.Context, pool *sql.DB) error {
	for _, act := range []string{"update", "delete"} {
		_, err := pool.ExecContext(ctx, `
create trigger if not exists event_no_`+act+` before `+act+` on event
begin select raise(abort, 'the event log is append-only'); end`)
		if err != nil {
			return fmt.Errorf("guard the event log: %w", err)
		}
	}
	return nil
}

func guardPostgres(ctx context.Context, pool *sql.DB) error {
	var n int
	err := pool.QueryRowContext(ctx, `
select count(*) from pg_trigger where tgrelid = 'event'::regclass and tgname in ('event_no_change', 'event_no_truncate') and tgenabled = 'O'`).Scan(&n)
	if err != nil {
		return fmt.Errorf("guard the event log: %w", err)
	}
	if n == 2 {
		return nil // an everyday start asks for no right to change the schema
	}
	_, err = pool.ExecContext(ctx, `
create or replace function event_append_only() returns trigger language plpgsql as
$$ begin raise exception 'the event log is append-only'; end $$;
create or replace trigger event_no_change before update or delete on event
  for each row execute function event_append_only();
create or replace trigger event_no_truncate before truncate on event
  for each statement execute function event_append_only();
alter table event enable trigger event_no_change;
alter table event enable trigger event_no_truncate;`)
	if err != nil {
		return fmt.Errorf("guard the event log: %w", err)
	}
	return nil
}
