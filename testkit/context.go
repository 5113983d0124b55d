package testkit

import "context"

// Context is the context of set-up that no single test owns.
func Context() context.Context { return context.Background() }
