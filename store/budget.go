package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"time"

	"zhijian/ground/budget"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/store/sqldb"
)

// Budgets keeps what was spent of every budget. All fields are required.
//
// One row holds one target of one budget under a keyed hash, so the table names nobody. The
// row lists when it was spent, and forgets what has left the window: the window slides, exactly to
// the millisecond up to a limit of 64; above it, times are rounded up to a 64th of the window, so that
// the list stays short and a spend counts a little longer, never shorter. Spending is one
// transaction under the row's lock and therefore exact between any number of callers and processes.
type Budgets struct {
	DB    *sqldb.DB
	Ring  *seal.Ring
	Clock clock.Clock
}

var _ budget.Purse = Budgets{}

// exactUpTo is the limit up to which every spend keeps its own time.
const exactUpTo = 64

const (
	selectBudget = `select spent from budget where target = $1`
	insertBudget = `insert into budget (target, name, spent, until) values ($1, $2, $3, $4) on conflict (target) do nothing`
	updateBudget = `update budget set spent = $1, until = $2 where target = $3`
	sweepBudgets = `delete from budget where target in (select target from budget where until <= $1 order by until limit 500)`
)

// Spend implements budget.Purse. fault.TooMany carries the whole minutes to wait in Args when that is no
// more than 90 minutes, and no Args for "tomorrow".
func (s Budgets) Spend(ctx context.Context, b budget.Budget, target string) error {
	key := s.key(b, target)
	now := clock.Millis(s.Clock.Now())
	fresh := false
	err := s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		n, err := tx.Exec(insertBudget, key, b.Name, []byte{}, now)
		if err != nil {
			return err
		}
		fresh = n == 1
		var packed []byte
		if err := tx.QueryRow(selectBudget+tx.ForUpdate(), key).Scan(&packed); err != nil {
			return err
		}
		l := unpack(packed).within(now, b.Window)
		if wait := l.wait(now, b); wait > 0 {
			return empty(b, wait)
		}
		l = l.add(now, b)
		_, err = tx.Exec(updateBudget, l.pack(), l[len(l)-1].at+b.Window.Milliseconds(), key)
		return err
	})
	// New targets make the table grow; one in 256 of them clears what is out of every window.
	// The keyed hash decides which, so nobody can choose targets that never do.
	if err == nil && fresh && key[0] == 0 {
		err = s.sweep(ctx, now)
	}
	return err
}

// Return implements budget.Purse.
func (s Budgets) Return(ctx context.Context, b budget.Budget, target string) error {
	key := s.key(b, target)
	now := clock.Millis(s.Clock.Now())
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		var packed []byte
		err := tx.QueryRow(selectBudget+tx.ForUpdate(), key).Scan(&packed)
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		l := unpack(packed).within(now, b.Window)
		n := len(l)
		if n == 0 {
			return nil
		}
		until := l[n-1].at + b.Window.Milliseconds()
		if l[n-1].n--; l[n-1].n <= 0 {
			l = l[:n-1]
		}
		_, err = tx.Exec(updateBudget, l.pack(), until, key)
		return err
	})
}

// Left implements budget.Purse.
func (s Budgets) Left(ctx context.Context, b budget.Budget, target string) (int, error) {
	var packed []byte
	err := s.DB.QueryRow(ctx, selectBudget, s.key(b, target)).Scan(&packed)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return 0, err
	}
	used := unpack(packed).within(clock.Millis(s.Clock.Now()), b.Window).total()
	return max(0, b.Limit-used), nil
}

func (s Budgets) key(b budget.Budget, target string) []byte {
	return s.Ring.Blind("budget", b.Name+"\x00"+target)
}

func (s Budgets) sweep(ctx context.Context, now int64) error {
	return s.DB.Write(ctx, func(tx *sqldb.Tx) error {
		_, err := tx.Exec(sweepBudgets, now)
		return err
	})
}

// empty is the fault of a budget that is used up.
func empty(b budget.Budget, wait time.Duration) error {
	minutes := int((wait + time.Minute - 1) / time.Minute)
	if minutes > 90 {
		return fault.TooMany("budget."+b.Name, "今天的次数已用完，请明天再试").After(wait)
	}
	return fault.TooMany("budget."+b.Name, "次数太多了，请 %d 分钟后再试", minutes).After(wait)
}

// spends lists when a budget was spent, oldest first.
type spends []spend

type spend struct {
	at int64 // Unix ms
	n  int64
}

// within gives the part of the list that still counts at now.
func (l spends) within(now int64, window time.Duration) spends {
	for len(l) > 0 && l[0].at <= now-window.Milliseconds() {
		l = l[1:]
	}
	return l
}

func (l spends) total() int {
	var n int64
	for _, s := range l {
		n += s.n
	}
	return int(n)
}

// wait gives how long until one more may be spent; 0 for now.
func (l spends) wait(now int64, b budget.Budget) time.Duration {
	over := l.total() + 1 - b.Limit
	if over <= 0 {
		return 0
	}
	at := now
	for _, s := range l {
		at = s.at
		if over -= int(s.n); over <= 0 {
			break
		}
	}
	return time.Duration(at-now)*time.Millisecond + b.Window
}

// add counts one at now.
func (l spends) add(now int64, b budget.Budget) spends {
	at := now
	if b.Limit > exactUpTo {
		grain := max(1, b.Window.Milliseconds()/exactUpTo)
		at = (now + grain - 1) / grain * grain
	}
	if n := len(l); n > 0 && l[n-1].at >= at { // a clock that stood still, or another node's ahead of ours
		l[n-1].n++
		return l
	}
	return append(l, spend{at: at, n: 1})
}

// pack writes the list as pairs of varints: time since the one before, count.
func (l spends) pack() []byte {
	b := []byte{}
	before := int64(0)
	for _, s := range l {
		b = binary.AppendVarint(b, s.at-before)
		b = binary.AppendVarint(b, s.n)
		before = s.at
	}
	return b
}

// unpack reverses pack; a damaged rest is dropped.
func unpack(b []byte) spends {
	var l spends
	at := int64(0)
	for len(b) > 0 {
		d, n := binary.Varint(b)
		if n <= 0 {
			return l
		}
		count, m := binary.Varint(b[n:])
		if m <= 0 {
			return l
		}
		at += d
		l = append(l, spend{at: at, n: count})
		b = b[n+m:]
	}
	return l
}
