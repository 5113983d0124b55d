package staff_test

import (
	"testing"

	"zhijian/domain/staff"
)

// A stored form that was damaged opens nothing and harms nobody. The cost stays small: m is at most 64 KiB in the seeds'
// neighbourhood, and a form that asks for more than 1 GiB is refused.
func FuzzPasswordForm(f *testing.F) {
	f.Add("$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2id$v=19$m=99999999,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	f.Add("$argon2i$v=19$m=64,t=1,p=1$AA$AA")
	f.Add("$argon2id$v=19$m=-1,t=0,p=0$$")
	f.Add("")
	f.Fuzz(func(t *testing.T, form string) {
		if staff.CheckPassword(form, "guess") {
			t.Errorf("%q takes a guess", form)
		}
	})
}
