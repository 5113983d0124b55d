package server_test

import (
	"strings"
	"testing"

	"zhijian/testkit/house"
)

// The doctor says what the machine gives, and what of it is less than is law.
func TestDoctorLooksAtTheMachine(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	m := h.Count(t).Machine
	if m.Files == 0 || m.Free <= 0 || m.Floor <= 0 {
		t.Errorf("machine = %+v", m)
	}
	if short := strings.Contains(strings.Join(m.Short, " "), "open files"); short != (m.Files < 65_536) {
		t.Errorf("%d files: %q", m.Files, m.Short)
	}
}
