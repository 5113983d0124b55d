// Package budget counts what may be done only so often: codes per phone, tries per plate, sign-ins per address.
//
// A budget is durable, so that a restart gives an attacker nothing back
// (security.md rule 9). Targets are hashed with a key before they are stored.
package budget

import (
	"context"
	"time"
)

// Budget is a limit on something within a sliding window.
type Budget struct {
	// Name is unique: "code.phone.hour". It is stored, so it never changes meaning.
	Name string
	// Limit is how many may be spent within Window.
	Limit int
	// Window is the length of time that counts.
	Window time.Duration
}

// Purse spends budgets. Implementations are safe for concurrent use and exact:
// of n callers at once on a budget with m left, m succeed.
type Purse interface {
	// Spend takes one from b for target. An empty budget is fault.TooMany "budget.<name>"
	// with RetryAfter set, and nothing is taken.
	Spend(ctx context.Context, b Budget, target string) error
	// Return gives back the latest one taken from b for target: what it was taken for did not come about. Nothing was
	// taken: nothing happens.
	Return(ctx context.Context, b Budget, target string) error
	// Left says how many remain without taking one.
	Left(ctx context.Context, b Budget, target string) (int, error)
}
