package server_test

import (
	"database/sql"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the drivers that the house itself uses
	_ "modernc.org/sqlite"

	"zhijian/testkit/house"
)

// second opens the house's database beside it.
func second(t *testing.T, h *house.House) *sql.DB {
	t.Helper()
	driver, dsn := "pgx", h.Database
	if dsn == "" {
		driver, dsn = "sqlite", "file:"+filepath.Join(h.Data, "zhijian.db")+"?_pragma=busy_timeout(10000)"
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// Parked events are the operator's to free, and who freed one is known for ever.
func TestParkedIsDecidedByTheOperator(t *testing.T) {
	t.Parallel()
	house.Both(t, func(t *testing.T, h *house.House) {
		db := second(t, h)
		var id, shard, position int64
		var key string
		if err := db.QueryRow(`select id, shard, position, key from event order by id limit 1`).Scan(&id, &shard, &position, &key); err != nil {
			t.Fatal(err)
		}
		park := func(n int) {
			t.Helper()
			if _, err := db.Exec(`insert into bus_hold (id, consumer, shard, position, event, key, state, attempts, due, error, since)
values ($1, $2, $3, $4, $5, $6, 'parked', 9, 9223372036854775807, 'internal', 1)`, n, fmt.Sprint("test.nobody", n), shard, position, id, key); err != nil {
				t.Fatal(err)
			}
		}
		decided := func() (n int, said string) {
			rows, err := db.Query(`select actor, data from event where name = 'console.parked_decided' order by id`)
			if err != nil {
				t.Fatal(err)
			}
			defer func() { _ = rows.Close() }()
			for rows.Next() {
				var who, data string
				if err := rows.Scan(&who, &data); err != nil {
					t.Fatal(err)
				}
				n, said = n+1, said+who+" "+data+"\n"
			}
			return n, said
		}
		park(1)
		park(2)
		clerk := visitor(t, h)
		clerk.staffIn("traffic-police")
		boss := visitor(t, h)
		boss.staffIn("operator")
		boss.open("/console/stuck")
		boss.reads("test.nobody1", "test.nobody2")
		post := func(p person, what string, n int, want int) {
			t.Helper()
			form := map[string][]string{"_token": {thief{person: p}.token()}, "consumer": {fmt.Sprint("test.nobody", n)}, "event": {fmt.Sprint(id)}}
			if err := p.Post(t.Context(), "/console/parked/"+what, form); err != nil {
				t.Fatal(err)
			}
			p.status(want)
		}
		for _, what := range []string{"retry", "skip"} {
			clerk.open("/console")
			post(clerk, what, 1, http.StatusForbidden)
		}
		if n, said := decided(); n != 0 {
			t.Fatalf("a department decided: %s", said)
		}
		boss.open("/console/stuck")
		post(boss, "retry", 1, http.StatusOK)
		boss.open("/console/stuck")
		post(boss, "skip", 2, http.StatusOK)
		boss.open("/console/stuck")
		post(boss, "skip", 2, http.StatusNotFound)
		n, said := decided()
		if n != 2 || strings.Count(said, "operator:") != 2 || !strings.Contains(said, `"what":"retry"`) || !strings.Contains(said, `"what":"skip"`) || !strings.Contains(said, fmt.Sprint(id)) {
			t.Errorf("%d decisions are recorded: %s", n, said)
		}
	})
}
