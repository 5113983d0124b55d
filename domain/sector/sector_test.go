package sector_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"zhijian/catalog"
	"zhijian/domain/sector"
)

func TestLoad(t *testing.T) {
	t.Parallel()
	table, err := sector.Load(catalog.FS)
	if err != nil {
		t.Fatal(err)
	}
	classes := map[sector.Class]int{}
	for _, s := range table.All() {
		classes[s.Class]++
		if same, ok := table.Find(s.ID); !ok || same != s {
			t.Errorf("%s leads to %+v", s.ID, same)
		}
		if same, ok := table.ByName(s.Name); !ok || same != s {
			t.Errorf("%s leads to %+v", s.Name, same)
		}
	}
	want := map[sector.Class]int{sector.Comprehensive: 5, sector.Functional: 46, sector.Livelihood: 3}
	if diff := cmp.Diff(want, classes); diff != "" {
		t.Error(diff)
	}
	for _, c := range []struct{ name, id string }{
		{"公安", "f01"},
		{"气象", "f29"},
		{"文化广电", "f07"},
		{"文体广电", "f07"}, // as 3.3 of the paper spells it
		{"外事办", "f47"},
		{"城管", "f43"},
		{"不存在", ""},
		{"", ""},
	} {
		if s, ok := table.ByName(c.name); s.ID != c.id || ok != (c.id != "") {
			t.Errorf("%s is %q, want %q", c.name, s.ID, c.id)
		}
	}
	if _, ok := table.Find("f55"); ok {
		t.Error("a fifty-fifth sector")
	}
}

func TestLoadRefusesDamage(t *testing.T) {
	t.Parallel()
	const head = "id,name,en,class,also,appendix2_no,basis,note\n"
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", "no rows"},
		{"no rows", head, "no rows"},
		{"columns", head + "f01,公安\n", "wrong number of fields"},
		{"class", head + "f01,公安,police,odd,,,,\n", "not whole"},
		{"id twice", head + "f01,公安,police,functional,,,,\nf01,税务,tax,functional,,,,\n", "f01 occurs twice"},
		{"name twice", head + "f01,公安,police,functional,,,,\nf02,税务,tax,functional,公安,,,\n", "公安 occurs twice"},
	} {
		_, err := sector.Load(fstest.MapFS{"sectors/sectors.csv": {Data: []byte(c.text)}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
}
