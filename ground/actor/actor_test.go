package actor_test

import (
	"testing"

	"zhijian/ground/actor"
)

func TestString(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]actor.Actor{
		"visitor":     {},
		"resident:42": {Kind: actor.Resident, ID: 42, Level: 4, Session: 9},
		"staff:7":     {Kind: actor.Staff, ID: 7, Department: 3},
		"operator:1":  {Kind: actor.Operator, ID: 1},
		"system":      actor.House,
		"channel":     {Kind: actor.Channel},
	} {
		if got := a.String(); got != want {
			t.Errorf("%+v.String() = %s, want %s", a, got, want)
		}
	}
}

func TestIsResident(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a    actor.Actor
		id   int64
		want bool
	}{
		{actor.Actor{Kind: actor.Resident, ID: 42}, 42, true},
		{actor.Actor{Kind: actor.Resident, ID: 42}, 43, false},
		{actor.Actor{Kind: actor.Staff, ID: 42}, 42, false},
		{actor.Actor{Kind: actor.Resident}, 0, false}, // nobody is not everybody without an owner
		{actor.Actor{}, 0, false},
	} {
		if got := c.a.IsResident(c.id); got != c.want {
			t.Errorf("%v.IsResident(%d) = %v, want %v", c.a, c.id, got, c.want)
		}
	}
}
