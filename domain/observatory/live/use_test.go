package live_test

import (
	"slices"
	"testing"

	"zhijian/domain/observatory/live"
)

// TestUseLevels: little use says nothing, and from there each doubling is one level more; services taken together are summed first.
func TestUseLevels(t *testing.T) {
	t.Parallel()
	u := live.NewUses([]live.Used{
		{"a", "few", 9}, {"a", "ten", 10}, {"a", "twenty", 19}, {"a", "twenty", 1}, {"a", "forty", 40}, {"a", "all", 1 << 60}, {"a", "reopened", -3}, {"b", "ten", 80},
	})
	for _, c := range []struct {
		city     string
		services []string
		want     int
	}{
		{"a", []string{"few"}, 0},
		{"a", []string{"ten"}, 1},
		{"a", []string{"twenty"}, 2},
		{"a", []string{"forty"}, 3},
		{"a", []string{"all"}, live.MostUsed},
		{"a", []string{"reopened"}, 0},
		{"a", []string{"few", "reopened", "ten"}, 1},
		{"a", []string{"few", "ten", "few"}, 2},
		{"a", nil, 0},
		{"b", []string{"ten"}, 4},
		{"c", []string{"ten"}, 0},
	} {
		if got := u.Level(c.city, c.services...); got != c.want {
			t.Errorf("%s in %s: level %d, want %d", c.services, c.city, got, c.want)
		}
	}
	if got := (*live.Uses)(nil).Level("a", "ten"); got != 0 {
		t.Errorf("without counts: level %d", got)
	}
	for what, c := range map[string]struct {
		now, before *live.Uses
		want        []string
	}{
		"at first": {u, nil, []string{"a", "b"}}, "the same": {u, u, nil}, "all of it is old": {live.NewUses(nil), u, []string{"a", "b"}},
		"one city": {live.NewUses([]live.Used{{"a", "s", 2}, {"b", "s", 1}}), live.NewUses([]live.Used{{"a", "s", 1}, {"b", "s", 1}}), []string{"a"}},
	} {
		if got := c.now.Changed(c.before); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v changed, want %v", what, got, c.want)
		}
	}
}
