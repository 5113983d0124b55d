package identity_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"zhijian/domain/identity"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

// dump gives every value of every table as text, and where it stood.
func dump(t *testing.T, db *sqldb.DB) string {
	t.Helper()
	ctx := context.Background()
	query := `select name from sqlite_master where type = 'table'`
	if db.Postgres() {
		query = `select table_name from information_schema.tables where table_schema = 'public'`
	}
	rows, err := db.Query(ctx, query)
	if err != nil {
		t.Fatal(err)
	}
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	_ = rows.Close()
	var b strings.Builder
	for _, table := range tables {
		rows, err := db.Query(ctx, `select * from "`+table+`"`)
		if err != nil {
			t.Fatal(table, err)
		}
		columns, _ := rows.Columns()
		for rows.Next() {
			values := make([]any, len(columns))
			for i := range values {
				values[i] = new(any)
			}
			if err := rows.Scan(values...); err != nil {
				t.Fatal(table, err)
			}
			for i, v := range values {
				switch v := (*v.(*any)).(type) {
				case []byte:
					fmt.Fprintf(&b, "%s.%s: %s %s\n", table, columns[i], v, hex.EncodeToString(v))
				default:
					fmt.Fprintf(&b, "%s.%s: %v\n", table, columns[i], v)
				}
			}
		}
		_ = rows.Close()
	}
	return b.String()
}

// T51: after a full flow nothing of the canary person stands anywhere in the database.
func TestDatabaseHoldsNobody(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		a, token := w.climb(zhang, 4)
		code := w.code("13700137000")
		_, _, _ = w.desk.ProveName(ctx, a, nameOf(li))
		_, _, _ = w.desk.ProveName(ctx, a, nameOf(person{name: "李五", number: zhang.number}))
		all := dump(t, db)
		if !strings.Contains(all, "identity.proven") || !strings.Contains(all, "resident.phone") {
			t.Fatal("the dump is not of the whole database")
		}
		for _, line := range strings.Split(all, "\n") {
			if strings.HasSuffix(line, ": "+code) {
				t.Errorf("the code stands in %s", line)
			}
			for _, canary := range []string{
				zhang.name, zhang.number, strings.TrimPrefix(zhang.phone, "+86"), zhang.card, zhang.plate, strings.TrimPrefix(zhang.plate, "浙"),
				token, li.number, li.name, "13700137000",
			} {
				if strings.Contains(line, canary) || strings.Contains(line, hex.EncodeToString([]byte(canary))) {
					t.Errorf("%q stands in %q", canary, line)
				}
			}
		}
	})
}

// T51: nothing that the room hands around gives a person away when it is printed.
func TestStructsPrintNobody(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, testkit.Database(t)), context.Background()
	a, token := w.climb(zhang, 4)
	s, r, err := w.desk.Who(ctx, token)
	if err != nil {
		t.Fatal(err)
	}
	_, _, mismatch := w.desk.ProveName(ctx, a, nameOf(person{name: "李五", number: zhang.number}))
	_, _, bound := w.desk.ProveName(ctx, a, nameOf(li))
	_, _, format := w.desk.ProveName(ctx, a, identity.NameProof{Name: zhang.name, CitizenNumber: zhang.number + "1"})
	canaries := []string{zhang.name, zhang.number, "13800138000", zhang.card, zhang.plate, "A12345", li.number, token}
	values := []any{
		s, r, &r,
		identity.File{Resident: r},
		nameOf(zhang), cardOf(zhang),
		identity.VehicleProof{Plate: zhang.plate},
		identity.StepUpProof{Code: zhang.number, Second: zhang.card},
		mismatch, bound, format,
		[]identity.Resident{r},
		map[string]any{"r": r, "p": nameOf(zhang)},
	}
	for _, e := range identity.Events() {
		values = append(values, e)
	}
	for _, v := range values {
		var b bytes.Buffer
		fmt.Fprintf(&b, "%v %+v %#v %s", v, v, v, v)
		slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "v", v)
		slog.New(slog.NewTextHandler(&b, nil)).Info("x", "v", v)
		out, _ := json.Marshal(v)
		b.Write(out)
		for _, c := range canaries {
			if strings.Contains(b.String(), c) {
				t.Errorf("%T prints %q: %s", v, c, b.String())
			}
		}
	}
}

// T61: a sealed column moved to another row does not open.
func TestSealedColumnsStayInTheirRow(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		w, ctx := newWorld(t, db), context.Background()
		z, _ := w.climb(zhang, 4)
		l, _ := w.climb(li, 4)
		residents := store.Residents{DB: db, Ring: w.ring}
		for _, column := range []string{"phone", "name", "citizen_number", "card", "card_phone", "plates"} {
			var mine, theirs []byte
			for id, dest := range map[int64]*[]byte{z.ID: &mine, l.ID: &theirs} {
				if err := db.QueryRow(ctx, `select `+column+` from resident where id = $1`, id).Scan(dest); err != nil {
					t.Fatal(err)
				}
			}
			write := func(id int64, v []byte) {
				t.Helper()
				if err := db.Write(ctx, func(tx *sqldb.Tx) error {
					_, err := tx.Exec(`update resident set `+column+` = $1 where id = $2`, v, id)
					return err
				}); err != nil {
					t.Fatal(err)
				}
			}
			write(z.ID, theirs)
			if r, err := residents.Resident(ctx, z.ID); err == nil {
				t.Errorf("%s of another row opens: %+v", column, r)
			}
			write(z.ID, mine)
			if _, err := residents.Resident(ctx, z.ID); err != nil {
				t.Errorf("%s in its own row: %v", column, err)
			}
		}
		// Within a row, one column's ciphertext does not open as another's either.
		if err := db.Write(ctx, func(tx *sqldb.Tx) error {
			_, err := tx.Exec(`update resident set card = card_phone where id = $1`, z.ID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if _, err := residents.Resident(ctx, z.ID); err == nil {
			t.Error("a phone opens as a card")
		}
	})
}

func TestNewChecksItsConfig(t *testing.T) {
	t.Parallel()
	if _, err := identity.New(identity.Config{}); err == nil {
		t.Error("an empty configuration is taken")
	}
	w := newWorld(t, testkit.Database(t))
	_, err := identity.New(identity.Config{
		Residents: store.Residents{DB: w.db, Ring: w.ring}, Sessions: store.Sessions{DB: w.db, Ring: w.ring, Memo: store.NewSessionMemo(w.db)}, Codes: store.Codes{DB: w.db},
	})
	if err == nil {
		t.Error("a configuration without ports is taken")
	}
}
