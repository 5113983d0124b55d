package observatory

import "context"

// Visits tells what was counted of visits, apart from events: page loads come by the thousand a second and have a log of their own. A
// house without such a log has none: the figures are then not counted, which is not 0. fault.Unavailable while the log is not
// counted says the same.
type Visits interface {
	// Services gives the visits of a month (2026-11) by city and service; what had none may be missing.
	Services(ctx context.Context, month string) ([]Visited, error)
	// Accounts gives the month of every account that was visited, under the account's alias.
	Accounts(ctx context.Context, month string) ([]Month, error)
}

// Visited is how often pages of a service were loaded in a city, and by how many people.
type Visited struct {
	Region, Service string
	Visits, People  int64
}
