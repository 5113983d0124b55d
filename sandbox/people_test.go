package sandbox_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"zhijian/sandbox"
)

func TestPeopleAreTheSameForASeed(t *testing.T) {
	t.Parallel()
	short, long := sandbox.People(3, 50), sandbox.People(3, 200)
	if d := cmp.Diff(short, long[:50]); d != "" {
		t.Error(d)
	}
	if cmp.Equal(sandbox.People(3, 50), sandbox.People(4, 50)) {
		t.Error("two seeds gave the same people")
	}
}

func TestPeopleHaveRightNumbers(t *testing.T) {
	t.Parallel()
	plate := regexp.MustCompile(`^[浙苏粤川][A-HJ-NP-Z]([A-HJ-NP-Z0-9]{5}|[DAF][A-HJ-NP-Z]\d{4})$`)
	seen := map[string]bool{}
	once := func(s string) {
		if s != "" && seen[s] {
			t.Errorf("%s is there twice", s)
		}
		seen[s] = true
	}
	for i, p := range sandbox.People(7, 12_000) {
		once(p.CitizenNumber)
		once(p.Phone)
		once(p.BankCard)
		once(p.Electricity)
		once(p.Licence.FileNumber)
		born, err := time.Parse("20060102", p.CitizenNumber[6:14])
		if !citizen(p.CitizenNumber) || err != nil || born.Year() < 1956 {
			t.Errorf("%d: citizen number %s", i, p.CitizenNumber)
		}
		if !regexp.MustCompile(`^199\d{8}$`).MatchString(p.Phone) || strings.HasSuffix(p.Phone, "0000") {
			t.Errorf("%d: phone %s", i, p.Phone)
		}
		if !luhn(p.BankCard) || p.BankName == "" {
			t.Errorf("%d: card %s of %q", i, p.BankCard, p.BankName)
		}
		if !regexp.MustCompile(`^\d{8}([5-8]\d|9[0-5])$`).MatchString(p.Electricity) {
			t.Errorf("%d: electricity %s", i, p.Electricity)
		}
		if len(p.Vehicles) > 0 && len(p.Licence.FileNumber) != 12 {
			t.Errorf("%d: owner without licence", i)
		}
		for _, v := range p.Vehicles {
			once(v.Plate)
			once(v.VIN)
			if !plate.MatchString(v.Plate) || len(v.VIN) != 17 || strings.ContainsAny(v.VIN, "IOQ") || len(v.Engine) != 8 {
				t.Errorf("%d: vehicle %+v", i, v)
			}
		}
	}
}

func TestKnownPeople(t *testing.T) {
	t.Parallel()
	for _, seed := range []int64{1, 7, 99} {
		people := sandbox.People(seed, 200)
		for i, want := range map[int]string{1: "浙A12344", 2: "浙A12345", 3: "浙A12346", 4: "浙A12313", 5: "浙A12300"} {
			if v := people[i].Vehicles; len(v) != 2 || v[1].Plate != want || people[i].Region != "330100" {
				t.Errorf("seed %d, person %d: %+v", seed, i, v)
			}
		}
		for i := 20; i < 200; i += 10 {
			if end := people[i].Vehicles[1].Plate; !regexp.MustCompile(`4[456]$`).MatchString(end) {
				t.Errorf("seed %d, person %d: second plate %s", seed, i, end)
			}
		}
	}
}

// citizen is GB 11643's own formula, not the maker's: weights 2^(18-i) mod 11 and remainder 1.
func citizen(s string) bool {
	sum := 0
	for i := range len(s) {
		v := int(s[i] - '0')
		if s[i] == 'X' {
			v = 10
		}
		sum += v * (1 << (17 - i) % 11)
	}
	return len(s) == 18 && sum%11 == 1
}

func luhn(s string) bool {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i]-'0') * (1 + i%2)
		sum += d/10 + d%10
	}
	return len(s) >= 16 && sum%10 == 0
}
