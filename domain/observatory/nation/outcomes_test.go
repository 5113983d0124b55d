package nation_test

import (
	"testing"
)

// TestOutcomes: every launched service has a row, every city with services one of its entry; no row contradicts itself, and accounts are
// of the registry.
func TestOutcomes(t *testing.T) {
	t.Parallel()
	this, last := simulated(t, 3)
	if len(last.Outcomes) != 0 {
		t.Errorf("%d outcomes of 2014, when there were no services", len(last.Outcomes))
	}
	accounts, launched, cities := map[string]bool{}, 0, map[string]bool{}
	for _, a := range this.Accounts {
		accounts[a.ID] = true
	}
	for _, l := range this.Launches {
		cities[l.Region] = true
		if l.Launched {
			launched++
		}
	}
	if want := launched + len(cities); len(this.Outcomes) != want {
		t.Errorf("%d outcomes, want %d", len(this.Outcomes), want)
	}
	answered := 0
	for i := range this.Outcomes {
		o := &this.Outcomes[i]
		if part, whole, found := o.Contradiction(); found {
			t.Errorf("%s %s: more %s than %s", o.Region, o.Service, part, whole)
		}
		if n, ok := o.Ended().N(); ok && o.Took.N() != n {
			t.Errorf("%s %s: %d durations of %d cases", o.Region, o.Service, o.Took.N(), n)
		}
		if o.Account != "" {
			if answered++; !accounts[o.Account] {
				t.Errorf("%s answers and is no account", o.Account)
			}
		}
	}
	if 2*answered < launched {
		t.Errorf("only %d of %d services have an account that answers", answered, launched)
	}
}
