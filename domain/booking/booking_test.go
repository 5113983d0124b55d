package booking_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"zhijian/domain/booking"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
	"zhijian/testkit/pump"
)

const pool = "hall/330100-1/m1"

type house struct {
	t     testing.TB
	db    *sqldb.DB
	clock *clock.Fixed
	store store.Bookings
	desk  *booking.Desk
	pump  *pump.Pump
}

func newHouse(t testing.TB, db *sqldb.DB) *house {
	t.Helper()
	h := &house{t: t, db: db, clock: testkit.Clock(), store: store.Bookings{DB: db}}
	desk, err := booking.New(booking.Config{Store: h.store, Clock: h.clock, IDs: &uid.Maker{Clock: h.clock}})
	if err != nil {
		t.Fatal(err)
	}
	h.desk = desk
	var handlers []pump.Handler
	for _, x := range desk.Handlers() {
		handlers = append(handlers, pump.Handler(x))
	}
	h.pump = pump.New(t, db, h.clock, handlers...)
	return h
}

func both(t *testing.T, fn func(t *testing.T, h *house)) {
	t.Helper()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) { fn(t, newHouse(t, db)) })
}

// publish offers slots at 9:00, 9:30 … of the day after the clock's.
func (h *house) publish(capacities ...int) []booking.Slot {
	h.t.Helper()
	nine := h.clock.Now().In(clock.Shanghai).Truncate(24 * time.Hour).Add(25 * time.Hour).UTC()
	var list []booking.Slot
	for i, c := range capacities {
		start := nine.Add(time.Duration(i) * 30 * time.Minute)
		list = append(list, booking.Slot{Pool: pool, ID: fmt.Sprintf("s%d", i), Start: start, End: start.Add(30 * time.Minute), Capacity: c})
	}
	if err := h.desk.Publish(h.t.Context(), actor.House, list); err != nil {
		h.t.Fatal(err)
	}
	return list
}

func hold(n int64, slot string) booking.Hold {
	return booking.Hold{
		For: booking.For{Kind: "cases", No: fmt.Sprintf("CASE%d", n)}, Step: "slot", Attempt: 1, Resident: n,
		Pool: pool, Slot: slot, Service: "hall-appointment", Region: "330100", Sector: "hall", Account: 3,
	}
}

func (h *house) hold(n int64, slot string) (booking.Reservation, error) {
	return h.desk.Hold(h.t.Context(), actor.House, hold(n, slot))
}

// taken reads the stock and checks it against the live reservations.
func (h *house) taken() map[string]int {
	h.t.Helper()
	slots, err := h.store.Slots(h.t.Context(), pool, time.Unix(0, 0), h.clock.Now().AddDate(1, 0, 0))
	if err != nil {
		h.t.Fatal(err)
	}
	counts := map[string]int{}
	for _, s := range slots {
		var live int
		err := h.db.QueryRow(h.t.Context(), `select count(*) from booking where pool = $1 and slot = $2 and state not in ('released', 'waiting')`, s.Pool, s.ID).Scan(&live)
		if err != nil {
			h.t.Fatal(err)
		}
		if live != s.Taken {
			h.t.Errorf("slot %s: %d taken, %d live reservations", s.ID, s.Taken, live)
		}
		counts[s.ID] = s.Taken
	}
	return counts
}

func TestStates(t *testing.T) {
	t.Parallel()
	want := map[booking.State][]booking.State{
		booking.Waiting: {booking.Held, booking.Released}, booking.Held: {booking.Confirmed, booking.Released},
		booking.Confirmed: {booking.Arrived, booking.Missed, booking.Released}, booking.Arrived: {booking.Called, booking.Released},
		booking.Called: {booking.Served, booking.Missed}, booking.Served: nil, booking.Missed: nil, booking.Released: nil,
	}
	names := map[string]bool{}
	for _, b := range booking.Events() {
		names[b.EventName()] = true
	}
	for _, from := range booking.States() {
		for _, to := range booking.States() {
			if got := from.CanMove(to); got != slices.Contains(want[from], to) {
				t.Errorf("%s.CanMove(%s) = %v", from, to, got)
			}
			said := strings.HasSuffix(from.Move(to), string(to)) || from == booking.Waiting && to == booking.Held
			if from.CanMove(to) && (!names[from.Move(to)] || !said) {
				t.Errorf("%s.Move(%s) = %q", from, to, from.Move(to))
			}
		}
		if from.Live() != (len(want[from]) > 0) || from.Takes() == (from == booking.Released || from == booking.Waiting) {
			t.Errorf("%s.Live() = %v", from, from.Live())
		}
	}
}

func TestHoldConfirmRelease(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		ctx := t.Context()
		slots := h.publish(2)
		r, err := h.hold(1, "s0")
		if err != nil || r.State != booking.Held || !r.Start.Equal(slots[0].Start) || !r.Until.Equal(h.clock.Now().Add(15*time.Minute)) {
			t.Fatalf("Hold = %+v, %v", r, err)
		}
		if again, err := h.hold(1, "s0"); err != nil || again.No != r.No {
			t.Errorf("Hold again = %s, %v; want %s", again.No, err, r.No)
		}
		for range 2 {
			if got, err := h.desk.Confirm(ctx, actor.House, r.No); err != nil || got.State != booking.Confirmed {
				t.Errorf("Confirm = %s, %v", got.State, err)
			}
		}
		h.pump.Elapse(time.Hour)
		if got := h.taken()["s0"]; got != 1 {
			t.Errorf("%d taken after the hold would have ended, want 1", got)
		}
		for range 2 {
			if got, err := h.desk.Release(ctx, actor.House, r.No, "resident"); err != nil || got.State != booking.Released || got.Reason != "resident" {
				t.Errorf("Release = %s %s, %v", got.State, got.Reason, err)
			}
		}
		if got := h.taken()["s0"]; got != 0 {
			t.Errorf("%d taken after release, want 0", got)
		}
		if _, err := h.desk.Confirm(ctx, actor.House, r.No); !fault.Is(err, fault.KindConflict) {
			t.Errorf("Confirm of a released one = %v", err)
		}
		want := []string{"booking.held", "booking.confirmed", "booking.hold_due", "booking.released"}
		if diff := cmp.Diff(want, h.pump.Names(r.No)); diff != "" {
			t.Errorf("events differ:\n%s", diff)
		}
		list, err := h.desk.Of(ctx, r.For)
		if err != nil || len(list) != 1 || list[0].State != booking.Released {
			t.Errorf("Of = %+v, %v", list, err)
		}
	})
}

func TestHoldEnds(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		h.publish(1)
		r, err := h.hold(1, "s0")
		if err != nil {
			t.Fatal(err)
		}
		h.pump.Twice = true
		h.pump.Elapse(15*time.Minute - time.Millisecond)
		if got := h.taken()["s0"]; got != 1 {
			t.Errorf("%d taken before time is up, want 1", got)
		}
		h.pump.Elapse(time.Millisecond)
		h.pump.Replay()
		h.pump.Drain()
		if got := h.taken()["s0"]; got != 0 {
			t.Errorf("%d taken when time is up, want 0", got)
		}
		if got, err := h.store.Reservation(t.Context(), r.No); err != nil || got.Reason != "expired" {
			t.Errorf("reservation = %s, %v", got.Reason, err)
		}
		if again, err := h.hold(1, "s0"); err != nil || again.State != booking.Released {
			t.Errorf("the same hold again = %s, %v; want the one that ended", again.State, err)
		}
		next := hold(1, "s0")
		next.Attempt = 2
		if got, err := h.desk.Hold(t.Context(), actor.House, next); err != nil || got.State != booking.Held {
			t.Errorf("a new attempt = %s, %v", got.State, err)
		}
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		h.publish(1, 5)
		if _, err := h.hold(1, "s0"); err != nil {
			t.Fatal(err)
		}
		code := func(err error) string {
			if f := fault.Of(err); f != nil {
				return string(f.Kind) + " " + f.Code
			}
			return fmt.Sprint(err)
		}
		for name, c := range map[string]struct {
			hold booking.Hold
			want string
		}{
			"none left":      {hold(2, "s0"), "conflict booking.taken"},
			"same day":       {func() booking.Hold { k := hold(1, "s1"); k.For.No = "OTHER"; return k }(), "conflict booking.twice"},
			"no such slot":   {hold(3, "s9"), "not_found booking.slot"},
			"no slot":        {hold(3, ""), "invalid slot.none"},
			"nobody":         {hold(0, "s1"), "invalid booking.for"},
			"no attempt":     {func() booking.Hold { k := hold(3, "s1"); k.Attempt = 0; return k }(), "invalid booking.for"},
			"another's pool": {func() booking.Hold { k := hold(3, "s1"); k.Pool = "elsewhere"; return k }(), "not_found booking.slot"},
		} {
			if _, err := h.desk.Hold(t.Context(), actor.House, c.hold); code(err) != c.want {
				t.Errorf("%s: %s, want %s", name, code(err), c.want)
			}
		}
		h.clock.Advance(48 * time.Hour)
		if _, err := h.hold(4, "s1"); code(err) != "conflict booking.taken" {
			t.Errorf("a slot of the past: %v", err)
		}
		if got := h.taken(); got["s0"] != 1 || got["s1"] != 0 {
			t.Errorf("taken = %v", got)
		}
	})
}

func TestPermissions(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	h.publish(3)
	owner, other := actor.Actor{Kind: actor.Resident, ID: 1, Level: 2}, actor.Actor{Kind: actor.Resident, ID: 2, Level: 2}
	ctx := t.Context()
	if _, err := h.desk.Hold(ctx, other, hold(1, "s0")); !fault.Is(err, fault.KindDenied) {
		t.Errorf("Hold for another = %v", err)
	}
	r, err := h.desk.Hold(ctx, owner, hold(1, "s0"))
	if err != nil {
		t.Fatal(err)
	}
	for who, a := range map[string]actor.Actor{"other": other, "visitor": {}, "channel": {Kind: actor.Channel}} {
		_, confirm := h.desk.Confirm(ctx, a, r.No)
		_, release := h.desk.Release(ctx, a, r.No, "resident")
		_, none := h.desk.Release(ctx, a, "00000000000000000", "resident")
		for _, err := range []error{confirm, release, none} {
			if f := fault.Of(err); f == nil || f.Kind != fault.KindNotFound || f.Code != "booking" {
				t.Errorf("%s: %v, want not found", who, err)
			}
		}
		if err := h.desk.Publish(ctx, a, []booking.Slot{{}}); !fault.Is(err, fault.KindDenied) {
			t.Errorf("Publish by %s = %v", who, err)
		}
	}
	if _, err := h.desk.Confirm(ctx, owner, r.No); err != nil {
		t.Error(err)
	}
	if err := h.desk.Publish(ctx, actor.House, []booking.Slot{{Pool: pool, ID: "x", Capacity: -1}}); !fault.Is(err, fault.KindInvalid) {
		t.Errorf("a slot without times = %v", err)
	}
}

func TestPublish(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		slots := h.publish(3, 1)
		for i := range int64(3) {
			if _, err := h.hold(i+1, "s0"); err != nil {
				t.Fatal(err)
			}
		}
		slots[0].Capacity = 1
		if err := h.desk.Publish(t.Context(), actor.House, slots); err != nil {
			t.Fatal(err)
		}
		list, err := h.desk.Slots(t.Context(), actor.Actor{}, pool, time.Time{}, h.clock.Now().AddDate(0, 0, 7))
		if err != nil || len(list) != 2 || list[0].Taken != 3 || list[0].Capacity != 1 || list[0].Left(h.clock.Now()) != 0 || list[1].Left(h.clock.Now()) != 1 {
			t.Errorf("Slots = %+v, %v", list, err)
		}
		h.clock.Advance(40 * time.Hour)
		if list, err := h.desk.Slots(t.Context(), actor.Actor{}, pool, time.Time{}, h.clock.Now().AddDate(0, 0, 7)); err != nil || len(list) != 0 {
			t.Errorf("slots that have begun = %+v, %v", list, err)
		}
	})
}

// Two hundred want twenty places at the same moment: exactly twenty get one.
func TestCrowd(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		h.publish(20)
		var got, refused atomic.Int64
		var wg sync.WaitGroup
		for i := range int64(200) {
			wg.Go(func() {
				switch _, err := h.hold(i+1, "s0"); {
				case err == nil:
					got.Add(1)
				case fault.Of(err) != nil && fault.Of(err).Code == "booking.taken":
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got.Load() != 20 || refused.Load() != 180 || h.taken()["s0"] != 20 {
			t.Errorf("%d got a place, %d were refused, %d taken; want 20, 180, 20", got.Load(), refused.Load(), h.taken()["s0"])
		}
	})
}

// One resident on many devices gets one place a day.
func TestOneADay(t *testing.T) {
	t.Parallel()
	both(t, func(t *testing.T, h *house) {
		h.publish(20, 20)
		var got atomic.Int64
		var wg sync.WaitGroup
		for i := range 24 {
			wg.Go(func() {
				k := hold(1, fmt.Sprintf("s%d", i%2))
				k.For.No = fmt.Sprintf("DEVICE%d", i)
				switch _, err := h.desk.Hold(t.Context(), actor.House, k); {
				case err == nil:
					got.Add(1)
				case fault.Of(err) == nil || fault.Of(err).Code != "booking.twice":
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := h.taken(); got.Load() != 1 || n["s0"]+n["s1"] != 1 {
			t.Errorf("%d got a place, taken %v; want one", got.Load(), n)
		}
	})
}

// Whatever is done in whatever order, the stock equals the live reservations and never exceeds the capacity.
func TestStockAlwaysAgrees(t *testing.T) {
	t.Parallel()
	h := newHouse(t, testkit.Database(t))
	h.publish(2, 3)
	var nos []string
	attempt := map[int64]int{}
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			switch rapid.SampledFrom([]string{"hold", "confirm", "release", "wait"}).Draw(rt, "do") {
			case "hold":
				n := rapid.Int64Range(1, 6).Draw(rt, "resident")
				k := hold(n, rapid.SampledFrom([]string{"s0", "s1"}).Draw(rt, "slot"))
				attempt[n]++
				k.Attempt = attempt[n]
				r, err := h.desk.Hold(t.Context(), actor.House, k)
				if err == nil {
					nos = append(nos, r.No)
				} else if !fault.Is(err, fault.KindConflict) {
					rt.Fatal(err)
				}
			case "confirm", "release":
				if len(nos) == 0 {
					continue
				}
				no := rapid.SampledFrom(nos).Draw(rt, "no")
				if _, err := h.desk.Confirm(t.Context(), actor.House, no); err != nil && !fault.Is(err, fault.KindConflict) {
					rt.Fatal(err)
				}
				if rapid.Bool().Draw(rt, "give back") {
					if _, err := h.desk.Release(t.Context(), actor.House, no, "resident"); err != nil {
						rt.Fatal(err)
					}
				}
			case "wait":
				h.pump.Elapse(5 * time.Second)
			}
			if n := h.taken(); n["s0"] > 2 || n["s1"] > 3 {
				rt.Fatalf("oversold: %v", n)
			}
		}
	})
}
