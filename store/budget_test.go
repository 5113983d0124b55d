package store_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"zhijian/ground/budget"
	"zhijian/ground/fault"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestBudgetIsExactAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		for _, limit := range []int{1, 7, 100} {
			purse := store.Budgets{DB: db, Ring: testkit.Ring(t), Clock: testkit.Clock()}
			b := budget.Budget{Name: fmt.Sprintf("test.%d", limit), Limit: limit, Window: time.Hour}
			var won, lost atomic.Int64
			var wg sync.WaitGroup
			for range 40 {
				wg.Go(func() {
					for range 4 {
						switch err := purse.Spend(context.Background(), b, "one"); {
						case err == nil:
							won.Add(1)
						case fault.Is(err, fault.KindTooMany):
							lost.Add(1)
						default:
							t.Error(err)
						}
					}
				})
			}
			wg.Wait()
			if won.Load() != int64(limit) || won.Load()+lost.Load() != 160 {
				t.Errorf("of 160 at once on a budget of %d, %d won", limit, won.Load())
			}
		}
	})
}

func TestBudgetSlides(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		c, ctx := testkit.Clock(), context.Background()
		purse := store.Budgets{DB: db, Ring: testkit.Ring(t), Clock: c}
		b := budget.Budget{Name: "test.slide", Limit: 2, Window: time.Minute}
		spend := func(target string) error { return purse.Spend(ctx, b, target) }
		left := func() int {
			n, err := purse.Left(ctx, b, "a")
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if left() != 2 || spend("a") != nil || left() != 1 {
			t.Fatal("a fresh budget does not give")
		}
		c.Advance(40 * time.Second)
		if spend("a") != nil || left() != 0 {
			t.Fatal("the second is refused")
		}
		err := spend("a")
		f := fault.Of(err)
		if f == nil || f.Kind != fault.KindTooMany || f.Code != "budget.test.slide" || f.RetryAfter != 20*time.Second || f.Public != "次数太多了，请 1 分钟后再试" {
			t.Errorf("refused with %+v", f)
		}
		if err := spend("b"); err != nil {
			t.Errorf("another target: %v", err)
		}
		other := b
		other.Name = "test.other"
		if err := purse.Spend(ctx, other, "a"); err != nil {
			t.Errorf("another budget: %v", err)
		}
		c.Advance(20*time.Second - time.Millisecond)
		if spend("a") == nil {
			t.Error("given a millisecond early")
		}
		c.Advance(time.Millisecond)
		if err := spend("a"); err != nil {
			t.Errorf("when the first has left the window: %v", err)
		}
		day := budget.Budget{Name: "test.day", Limit: 1, Window: 24 * time.Hour}
		_ = purse.Spend(ctx, day, "a")
		if f := fault.Of(purse.Spend(ctx, day, "a")); f == nil || f.Public != "今天的次数已用完，请明天再试" || len(f.Args) != 0 {
			t.Errorf("refused with %+v", f)
		}
	})
}

// What is given back can be taken again, and giving back never makes room that was not taken.
func TestBudgetTakesBack(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		c, ctx := testkit.Clock(), context.Background()
		purse := store.Budgets{DB: db, Ring: testkit.Ring(t), Clock: c}
		for _, limit := range []int{2, 100} {
			b := budget.Budget{Name: fmt.Sprintf("test.back.%d", limit), Limit: limit, Window: time.Minute}
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			left := func(want int) {
				t.Helper()
				n, err := purse.Left(ctx, b, "a")
				if err != nil || n != want {
					t.Errorf("%d of %d left, %v; want %d", n, limit, err, want)
				}
			}
			must(purse.Return(ctx, b, "a"))
			must(purse.Spend(ctx, b, "a"))
			must(purse.Spend(ctx, b, "a"))
			must(purse.Return(ctx, b, "a"))
			left(limit - 1)
			must(purse.Return(ctx, b, "a"))
			must(purse.Return(ctx, b, "a"))
			left(limit)
			must(purse.Spend(ctx, b, "a"))
			c.Advance(30 * time.Second)
			must(purse.Spend(ctx, b, "a"))
			must(purse.Return(ctx, b, "a"))
			c.Advance(29 * time.Second)
			left(limit - 1)
			c.Advance(2 * time.Second)
			left(limit)
		}
	})
}

// A purse never gives more than the limit within any window, and gives again when it is due. Above
// 64 a spend may count a 64th of the window longer.
func TestBudgetAgainstAList(t *testing.T) {
	t.Parallel()
	db, ring := testkit.Database(t), testkit.Ring(t)
	n := 0
	rapid.Check(t, func(t *rapid.T) {
		n++
		c := testkit.Clock()
		purse := store.Budgets{DB: db, Ring: ring, Clock: c}
		b := budget.Budget{
			Name: "test.list", Limit: rapid.SampledFrom([]int{1, 2, 5, 70}).Draw(t, "limit"), Window: rapid.SampledFrom([]time.Duration{time.Second, time.Minute}).Draw(t, "window"),
		}
		grain := time.Duration(0)
		if b.Limit > 64 {
			grain = b.Window/64 + time.Millisecond
		}
		var given []time.Time
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			c.Advance(time.Duration(rapid.IntRange(0, int(b.Window/time.Millisecond)/3).Draw(t, "wait")) * time.Millisecond)
			now := c.Now()
			sure, possible := 0, 0
			for _, at := range given {
				if at.After(now.Add(-b.Window)) {
					sure++
				}
				if at.After(now.Add(-b.Window - grain)) {
					possible++
				}
			}
			err := purse.Spend(context.Background(), b, fmt.Sprint(n))
			if err == nil && sure >= b.Limit {
				t.Fatalf("given at %v though %d of %d are spent", now, sure, b.Limit)
			}
			if err != nil && possible < b.Limit {
				t.Fatalf("refused at %v though %d of %d are spent: %v", now, possible, b.Limit, err)
			}
			if err == nil {
				given = append(given, now)
				continue
			}
			if wait := fault.Of(err).RetryAfter; wait <= 0 || wait > b.Window+grain {
				t.Fatalf("told to wait %v", wait)
			}
		}
	})
}

// T51: the table says nothing about who spends.
func TestBudgetNamesNobody(t *testing.T) {
	t.Parallel()
	db, ctx := testkit.Database(t), context.Background()
	purse := store.Budgets{DB: db, Ring: testkit.Ring(t), Clock: testkit.Clock()}
	b := budget.Budget{Name: "test.secret", Limit: 3, Window: time.Hour}
	if err := purse.Spend(ctx, b, "+8613800138000"); err != nil {
		t.Fatal(err)
	}
	var target, spent []byte
	var name string
	if err := db.QueryRow(ctx, `select target, spent, name from budget`).Scan(&target, &spent, &name); err != nil {
		t.Fatal(err)
	}
	if len(target) != 32 || strings.Contains(string(target)+string(spent)+name, "138") {
		t.Errorf("the row is %x %x %s", target, spent, name)
	}
}

// A budget survives a restart, and what is out of every window is swept by new targets.
func TestBudgetLastsAndIsSwept(t *testing.T) {
	t.Parallel()
	c, ctx, path := testkit.Clock(), context.Background(), testkit.File(t)
	b := budget.Budget{Name: "test.last", Limit: 1, Window: time.Hour}
	db := testkit.OpenFile(t, path, c)
	purse := store.Budgets{DB: db, Ring: testkit.Ring(t), Clock: c}
	if err := purse.Spend(ctx, b, "a"); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	purse.DB = testkit.OpenFile(t, path, c)
	if err := purse.Spend(ctx, b, "a"); !fault.Is(err, fault.KindTooMany) {
		t.Errorf("after a restart: %v", err)
	}
	c.Advance(2 * time.Hour)
	old := 0
	for i := range 3000 {
		if err := purse.Spend(ctx, b, fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
		if err := purse.DB.QueryRow(ctx, `select count(*) from budget where until <= $1`, c.Now().UnixMilli()).Scan(&old); err != nil {
			t.Fatal(err)
		}
		if old == 0 {
			break
		}
	}
	if old != 0 {
		t.Error("3,000 new targets have swept nothing")
	}
}

// A damaged list reads as what is left of it, and what was read once reads the same again.
func FuzzSpends(f *testing.F) {
	f.Add([]byte{})
	f.Add([]byte{0x80, 0xf0, 0xcc, 0x8c, 0xce, 0x67, 2, 2, 2})
	f.Add([]byte{0xff, 0xff})
	f.Fuzz(func(t *testing.T, b []byte) {
		once := store.RepackSpends(b)
		if twice := store.RepackSpends(once); !bytes.Equal(once, twice) {
			t.Errorf("%x reads as %x, then as %x", b, once, twice)
		}
	})
}
