package observatory

import (
	"cmp"
	"slices"
)

// Sort puts every slice into its canonical order, so that the same facts are the same bytes.
func (f *Facts) Sort() {
	slices.SortFunc(f.Accounts, func(a, b Account) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(f.Months, func(a, b Month) int {
		return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Month, b.Month))
	})
	slices.SortFunc(f.Places, func(a, b Place) int { return cmp.Compare(a.Region, b.Region) })
	slices.SortFunc(f.Indicators, func(a, b Indicator) int {
		return cmp.Or(cmp.Compare(a.Indicator, b.Indicator), cmp.Compare(a.Region, b.Region), cmp.Compare(a.Year, b.Year))
	})
	slices.SortFunc(f.Rosters, func(a, b Roster) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Level, b.Level), cmp.Compare(a.Sector, b.Sector))
	})
	slices.SortFunc(f.Launches, func(a, b Launch) int {
		return cmp.Or(cmp.Compare(a.Region, b.Region), cmp.Compare(a.Service, b.Service))
	})
}

// Sorted reports whether accounts and months are in canonical order, which costs one pass instead of a sort.
func (f *Facts) Sorted() bool {
	return slices.IsSortedFunc(f.Accounts, func(a, b Account) int { return cmp.Compare(a.ID, b.ID) }) &&
		slices.IsSortedFunc(f.Months, func(a, b Month) int {
			return cmp.Or(cmp.Compare(a.Account, b.Account), cmp.Compare(a.Month, b.Month))
		})
}

// Clone copies the slices, so that the copy can be sorted or cut without the original seeing it.
func (f *Facts) Clone() *Facts {
	return &Facts{
		slices.Clone(f.Accounts), slices.Clone(f.Months), slices.Clone(f.Places),
		slices.Clone(f.Indicators), slices.Clone(f.Rosters), slices.Clone(f.Launches),
	}
}
