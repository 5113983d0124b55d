package sqldb_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"zhijian/store/sqldb"
	"zhijian/testkit"
)

type word struct {
	id   int64
	text string
}

func wordKey(w word) string { return fmt.Sprint("word/", w.id) }

// dictionary is a table read through a Memo.
type dictionary struct {
	t     *testing.T
	db    *sqldb.DB
	memo  *sqldb.Memo[int64, word]
	reads atomic.Int64
}

func (d *dictionary) read(id int64) string {
	d.t.Helper()
	w, err := d.memo.Get(id, func() (word, error) {
		d.reads.Add(1)
		w := word{id: id}
		return w, d.db.QueryRow(context.Background(), `select word from probe where id = $1`, id).Scan(&w.text)
	})
	if err != nil {
		d.t.Error(err)
	}
	return w.text
}

func (d *dictionary) write(id int64, text string, end error) {
	d.t.Helper()
	err := d.db.Write(context.Background(), func(tx *sqldb.Tx) error {
		if _, err := tx.Exec(`insert into probe (id, word) values ($1, $2) on conflict (id) do update set word = excluded.word`, id, text); err != nil {
			return err
		}
		tx.Concerns(wordKey(word{id: id}))
		return end
	})
	if !errors.Is(err, end) {
		d.t.Error(err)
	}
}

func newDictionary(t *testing.T, db *sqldb.DB, size int) *dictionary {
	t.Helper()
	if err := db.Write(context.Background(), func(tx *sqldb.Tx) error {
		_, err := tx.Exec(`create table if not exists probe (id bigint primary key, word text not null)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return &dictionary{t: t, db: db, memo: sqldb.NewMemo[int64](db, size, wordKey)}
}

func TestMemo(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d := newDictionary(t, db, 2)
		d.write(1, "一", nil)
		d.read(1)
		before := d.reads.Load()
		if d.read(1); d.reads.Load() != before && !db.Postgres() {
			t.Error("nothing was remembered")
		}
		d.write(1, "二", nil)
		if got := d.read(1); got != "二" {
			t.Errorf("after a change it still gives %q", got)
		}
		d.write(1, "三", errors.New("no"))
		if got := d.read(1); got != "二" {
			t.Errorf("a change that was taken back shows: %q", got)
		}
		for id := int64(2); id < 9; id++ {
			d.write(id, fmt.Sprint(id), nil)
			d.read(id)
		}
		if got := d.read(1); got != "二" {
			t.Errorf("after others took its place: %q", got)
		}
		_, err := d.memo.Get(99, func() (word, error) { return word{}, sql.ErrNoRows })
		if !errors.Is(err, sql.ErrNoRows) {
			t.Errorf("an absent word: %v", err)
		}
		d.write(99, "九十九", nil)
		if got := d.read(99); got != "九十九" {
			t.Errorf("absence was remembered: %q", got)
		}
		var none *sqldb.Memo[int64, word]
		if w, err := none.Get(1, func() (word, error) { return word{1, "读"}, nil }); w.text != "读" || err != nil {
			t.Error(w, err)
		}
	})
}

// TestMemoNeverStale: whoever begins to read after a change was acknowledged, or was seen in the database, sees it or a later one.
func TestMemoNeverStale(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		d := newDictionary(t, db, 4)
		const words, changes, readers = 4, 300, 4
		var acknowledged [words]atomic.Int64
		for id := range int64(words) {
			d.write(id, "0", nil)
		}
		var writing, reading sync.WaitGroup
		for id := range int64(words) {
			writing.Go(func() {
				for n := int64(1); n <= changes; n++ {
					d.write(id, fmt.Sprint(n), nil)
					acknowledged[id].Store(n)
				}
			})
		}
		var over atomic.Bool
		for range readers {
			reading.Go(func() {
				for id := int64(0); !over.Load(); id = (id + 1) % words {
					least := acknowledged[id].Load()
					var n int64
					if id%2 == 1 { // or it was seen in another way
						var word string
						if err := db.QueryRow(context.Background(), `select word from probe where id = $1`, id).Scan(&word); err != nil {
							t.Error(err)
							return
						}
						if _, err := fmt.Sscan(word, &least); err != nil {
							t.Error(err)
							return
						}
					}
					if _, err := fmt.Sscan(d.read(id), &n); err != nil || n < least {
						t.Errorf("word %d reads %d after %d was acknowledged (%v)", id, n, least, err)
						return
					}
				}
			})
		}
		writing.Wait()
		over.Store(true)
		reading.Wait()
	})
}
