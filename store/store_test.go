package store_test

import (
	"context"
	"testing"
	"time"

	"zhijian/domain/identity"
	"zhijian/ground/event"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// keptSession saves a resident at L4 with one session and gives the hash of its token.
func keptSession(t testing.TB, db *sqldb.DB) (store.Sessions, []byte) {
	t.Helper()
	ctx, now := context.Background(), testkit.Now()
	residents := store.Residents{DB: db, Ring: testkit.Ring(t)}
	r, err := residents.Join(ctx, identity.Resident{ID: 1, Level: 1, Phone: seal.Plain("+8613800138000"), Created: now, ProvenAt: now, Rev: 1})
	if err != nil {
		t.Fatal(err)
	}
	hash := make([]byte, 32)
	s := identity.Session{ID: 2, Resident: r.ID, Device: "Chrome", Created: now, Seen: now, Expires: now.Add(time.Hour), StepUp: now}
	sessions := store.Sessions{DB: db, Ring: residents.Ring, Memo: store.NewSessionMemo(db)}
	if err := sessions.Open(ctx, identity.Swap{Token: hash, Session: s}, identity.SignedIn{Resident: r.ID, Session: 2}); err != nil {
		t.Fatal(err)
	}
	if _, err := residents.Change(ctx, r.ID, 0, fullRule); err != nil {
		t.Fatal(err)
	}
	return sessions, hash
}

// fullRule gives the resident everything that can be sealed.
func fullRule(f *identity.File) ([]event.Body, error) {
	f.Level = 4
	f.Name, f.CitizenNumber = seal.Plain("张三"), seal.Plain("11010519491231002X")
	f.Card, f.CardPhone, f.Bank = seal.Plain("6222020000000000000"), seal.Plain("+8613800138000"), "中国工商银行"
	f.Plates = []seal.Text{seal.Plain("浙A12345"), seal.Plain("浙AD12345")}
	return []event.Body{identity.Proven{Resident: f.ID, Level: 4}}, nil
}

// What a door asks for on every request: one indexed read, opened.
func BenchmarkSessionFind(b *testing.B) {
	sessions, hash := keptSession(b, testkit.Database(b))
	ctx, now := context.Background(), testkit.Now()
	b.ReportAllocs()
	for b.Loop() {
		if _, r, err := sessions.Find(ctx, hash, now); err != nil || r.Level != 4 {
			b.Fatal(r.Level, err)
		}
	}
}

func TestSessionFind(t *testing.T) {
	t.Parallel()
	sessions, hash := keptSession(t, testkit.Database(t))
	ctx := context.Background()
	if _, r, err := sessions.Find(ctx, hash, testkit.Now().Add(time.Hour-1)); err != nil || r.Name.Reveal() != "张三" {
		t.Errorf("a live session: %v", err)
	}
	for name, c := range map[string]struct {
		hash []byte
		at   time.Time
	}{
		"expired": {hash, testkit.Now().Add(time.Hour)}, "unknown": {make([]byte, 31), testkit.Now()},
	} {
		if _, _, err := sessions.Find(ctx, c.hash, c.at); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A late touch does not revive a session that was ended, nor turn the last use back.
	if n, err := sessions.End(ctx, 1, 2, 0); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	if _, _, err := sessions.Find(ctx, hash, testkit.Now()); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("a session is found after its end: %v", err)
	}
	if err := sessions.Touch(ctx, 1, 2, testkit.Now().Add(time.Minute), testkit.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := sessions.Find(ctx, hash, testkit.Now()); !fault.Is(err, fault.KindNotFound) {
		t.Errorf("an ended session is back: %v", err)
	}
}

// TestSessionReplaced: a browser's session ends with the next sign-in there, also when it was somebody else's.
func TestSessionReplaced(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		sessions, hash := keptSession(t, db)
		ctx, now := context.Background(), testkit.Now()
		if _, r, err := sessions.Find(ctx, hash, now); err != nil || r.Level != 4 {
			t.Fatal(r.Level, err)
		}
		other := identity.Session{ID: 3, Resident: 9, Created: now, Seen: now, Expires: now.Add(time.Hour)}
		swap := identity.Swap{Token: append(make([]byte, 31), 1), Session: other, Old: 2}
		if err := sessions.Open(ctx, swap, identity.SignedIn{Resident: 9, Session: 3}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := sessions.Find(ctx, hash, now); !fault.Is(err, fault.KindNotFound) {
			t.Errorf("the session before is still there: %v", err)
		}
	})
}
