package observatory

import (
	"cmp"
	"slices"
)

func accountOrder(a, b Account) int { return cmp.Compare(a.ID, b.ID) }
func placeOrder(a, b Place) int     { return cmp.Compare(a.Region, b.Region) }

func monthOrder(a, b Month) int {
	return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Month, b.Month))
}

func indicatorOrder(a, b Indicator) int {
	return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Year, b.Year))
}

func rosterOrder(a, b Roster) int {
	return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Level, b.Level), cmp.Compare(a.Sector, b.Sector))
}

func launchOrder(a, b Launch) int {
	return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Service, b.Service))
}

func outcomeOrder(a, b Outcome) int {
	return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Month, b.Month))
}

// Sort puts every slice into its canonical order, so that the same facts are the same bytes.
func (f *Facts) Sort() {
	slices.SortFunc(f.Accounts, accountOrder)
	slices.SortFunc(f.Months, monthOrder)
	slices.SortFunc(f.Places, placeOrder)
	slices.SortFunc(f.Indicators, indicatorOrder)
	slices.SortFunc(f.Rosters, rosterOrder)
	slices.SortFunc(f.Launches, launchOrder)
	slices.SortFunc(f.Outcomes, outcomeOrder)
}

// Sorted reports whether the facts are in canonical order.
func (f *Facts) Sorted() bool {
	return slices.IsSortedFunc(f.Accounts, accountOrder) && slices.IsSortedFunc(f.Months, monthOrder) &&
		slices.IsSortedFunc(f.Places, placeOrder) && slices.IsSortedFunc(f.Indicators, indicatorOrder) &&
		slices.IsSortedFunc(f.Rosters, rosterOrder) && slices.IsSortedFunc(f.Launches, launchOrder) &&
		slices.IsSortedFunc(f.Outcomes, outcomeOrder)
}

// Clone copies the slices, so that the copy can be sorted or cut without the original seeing it.
func (f *Facts) Clone() *Facts {
	return &Facts{
		slices.Clone(f.Accounts), slices.Clone(f.Months), slices.Clone(f.Places),
		slices.Clone(f.Indicators), slices.Clone(f.Rosters), slices.Clone(f.Launches),
		slices.Clone(f.Outcomes),
	}
}
