package service_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"zhijian/domain/service"
	"zhijian/ground/clock"
)

// noon is a Tuesday, so that the hall has places on the days after.
var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, clock.Shanghai)

func catalogue(t testing.TB) *service.Catalogue {
	t.Helper()
	c, problems := service.LoadCatalogue(os.DirFS("../../catalog"))
	for _, p := range problems {
		t.Error(p)
	}
	if c == nil {
		t.FailNow()
	}
	return c
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	if g, k := len(c.Groups()), len(c.Kinds("")); g != 27 || k != 101 {
		t.Errorf("%d groups, %d kinds", g, k)
	}
	total := 0
	for _, g := range c.Groups() {
		if g.Name.Zh == "" || g.Name.En == "" || g.Icon == "" {
			t.Errorf("group %+v", g)
		}
		total += len(c.Kinds(g.ID))
	}
	if total != 101 {
		t.Errorf("groups hold %d kinds", total)
	}
	if k, ok := c.Kind("traffic-fine-payment"); !ok || k.Level != 4 || k.Group != "traffic-police" || k.Name.En == "" {
		t.Errorf("kind %+v", k)
	}
	if want := []string{"320500", "330100", "330300", "440300"}; len(c.Cities()) < 4 || slices.ContainsFunc(want, func(s string) bool { return !slices.Contains(c.Cities(), s) }) {
		t.Errorf("cities %v", c.Cities())
	}
	var ids []string
	for _, o := range c.Offers("330100") {
		ids = append(ids, o.Definition.ID)
		if o.Account == "" || !strings.HasSuffix(o.Department, "（演示）") || len(o.Offices) != len(o.Definition.Offices) {
			t.Errorf("offer %+v", o)
		}
	}
	// By group of the city entry: the traffic police before the weather, the weather before bills, the halls last.
	for i, pair := range []string{"vehicle-violation-query traffic-fine-payment", "driver-points-query weather-forecast", "weather-forecast electricity-bill-payment", "electricity-bill-payment hall-appointment"} {
		first, then, _ := strings.Cut(pair, " ")
		if a, b := slices.Index(ids, first), slices.Index(ids, then); a < 0 || b < a {
			t.Errorf("%d: Hangzhou offers %s at %d, %s at %d", i, first, a, then, b)
		}
	}
	if _, ok := c.Offer("330300", "hall-appointment"); ok {
		t.Error("Wenzhou offers what it did not switch on")
	}
	if _, ok := c.Offer("999999", "weather-forecast"); ok || len(c.Offers("999999")) > 0 {
		t.Error("a city without a pack offers something")
	}
	p, _ := c.City("330100")
	for _, a := range p.Accounts {
		if !slices.ContainsFunc(p.Departments, func(d service.DepartmentSeed) bool { return d.Slug == a.Department && d.Sector == a.Sector }) {
			t.Errorf("account %+v", a)
		}
	}
}

// files is a small catalogue of its own.
func files(t *testing.T, change func(map[string]string)) (*service.Catalogue, []service.Problem) {
	t.Helper()
	src, err := os.ReadFile("testdata/sound.yaml")
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{
		"kinds/groups.csv":                     "no,id,name,en,icon,sector,keywords\n1,traffic-police,交管,Traffic,car,f01,交警;车\n",
		"kinds/kinds.csv":                      "no,id,name,en,group,type,level,keywords,keywords_en\n11,traffic-fine-payment,缴罚款,Fines,traffic-police,payment,L4,罚款,fine\n",
		"services/traffic-fine-payment.yaml":   strings.Replace(string(src), "version: 1", "version: 2", 1),
		"services/traffic-fine-payment@1.yaml": strings.Replace(string(src), "一次办完。", "旧的。", 1),
		"cities/hangzhou.yaml": `city: "330100"
demo: true
departments:
  police: {name: 交警（演示）, sector: f01}
accounts:
  hzjj: {name: 杭州交警（演示）, department: police, sign: 警, intro: 一句话}
offices:
  traffic: {system: traffic, name: 杭州交警, payee: 财政}
services:
  traffic-fine-payment: {account: hzjj, fee: {zh: 杭州另算, en: Other}}
`,
	}
	if change != nil {
		change(list)
	}
	fsys := fstest.MapFS{}
	for name, text := range list {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return service.LoadCatalogue(fsys)
}

func TestPinnedVersions(t *testing.T) {
	t.Parallel()
	c, problems := files(t, nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	now, _ := c.Offer("330100", "traffic-fine-payment")
	old, ok := c.Pinned("330100", "traffic-fine-payment", 1)
	if now.Definition.Version != 2 || !ok || old.Definition.Version != 1 || old.Definition.About.Zh != "旧的。" {
		t.Errorf("in force %d, pinned %v", now.Definition.Version, ok)
	}
	if now.Definition.Fee.Zh != "杭州另算" || old.Offices["traffic"].Payee != "财政" || old.Account != "hzjj" {
		t.Errorf("bound %+v", old)
	}
	if _, ok := c.Pinned("330100", "traffic-fine-payment", 3); ok {
		t.Error("a version that never was is found")
	}
	off, _ := files(t, func(f map[string]string) {
		f["cities/hangzhou.yaml"] = strings.Replace(f["cities/hangzhou.yaml"], "  traffic-fine-payment: {account: hzjj, fee: {zh: 杭州另算, en: Other}}\n", "  {}\n", 1)
	})
	if _, ok := off.Offer("330100", "traffic-fine-payment"); ok {
		t.Error("still offered after it was switched off")
	}
	if _, ok := off.Pinned("330100", "traffic-fine-payment", 2); !ok {
		t.Error("running cases lost their definition")
	}
	gone, problems := files(t, func(f map[string]string) { delete(f, "cities/hangzhou.yaml") })
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if o, ok := gone.Pinned("330100", "traffic-fine-payment", 1); !ok || o.Definition.Version != 1 || o.City != "330100" || len(o.Offices) != 0 {
		t.Errorf("without the city's pack running cases are lost: %+v, %v", o, ok)
	}
}

// An operator's own service is none of the kinds: its city offers it behind what is.
func TestOwnFile(t *testing.T) {
	t.Parallel()
	c, problems := files(t, func(f map[string]string) {
		f["services/own-trees.yaml"] = strings.Replace(f["services/traffic-fine-payment.yaml"], "id: traffic-fine-payment", "id: own-trees", 1)
		f["cities/hangzhou.yaml"] = strings.Replace(f["cities/hangzhou.yaml"], "services:\n", "services:\n  own-trees: {account: hzjj}\n", 1)
	})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	var ids []string
	for _, o := range c.Offers("330100") {
		ids = append(ids, o.Definition.ID)
	}
	if !slices.Equal(ids, []string{"traffic-fine-payment", "own-trees"}) || len(c.Kinds("")) != 1 || !c.Carries("own-trees") || c.Carries("own-x") {
		t.Errorf("offered: %v, kinds %d", ids, len(c.Kinds("")))
	}
}

func TestBrokenCatalogues(t *testing.T) {
	t.Parallel()
	edit := func(file, old, new string) func(map[string]string) {
		return func(f map[string]string) { f[file] = strings.Replace(f[file], old, new, 1) }
	}
	const city = "cities/hangzhou.yaml"
	for name, c := range map[string]struct {
		change func(map[string]string)
		say    string
	}{
		"no kinds":         {func(f map[string]string) { delete(f, "kinds/kinds.csv") }, "kinds/kinds.csv: The file is not there."},
		"ragged csv":       {edit("kinds/groups.csv", "car,f01", "car"), "kinds/groups.csv:2:1: This line is not CSV"},
		"unknown group":    {edit("kinds/kinds.csv", ",traffic-police,", ",traffic,"), `kinds/kinds.csv:2:1: Kind "traffic-fine-payment" is in group "traffic"`},
		"wrong file name":  {func(f map[string]string) { f["services/fines.yaml"] = f["services/traffic-fine-payment.yaml"] }, "services/fines.yaml:1:1: The file holds traffic-fine-payment version 2"},
		"old without new":  {func(f map[string]string) { delete(f, "services/traffic-fine-payment.yaml") }, `there is no traffic-fine-payment.yaml`},
		"city code":        {edit(city, `"330100"`, "hangzhou"), city + `:1:7: city: "hangzhou" is not a code of six digits.`},
		"demo name":        {edit(city, "name: 交警（演示）", "name: 交警"), city + ":4:3: departments.police.name: The name of an invented organisation ends in （演示）."},
		"no department":    {edit(city, "department: police", "department: polic"), city + `:6:38: accounts.hzjj.department: There is no department "polic" in this pack.`},
		"sign":             {edit(city, "sign: 警", "sign: 交警"), city + ":6:9: accounts.hzjj.sign: The sign is one character."},
		"office not bound": {edit(city, "  traffic: {system", "  trafic: {system"), city + `:10:3: services.traffic-fine-payment: The service asks office "traffic", which this pack does not bind.`},
		"no payee":         {edit(city, ", payee: 财政", ""), city + `:10:3: services.traffic-fine-payment: The service takes money for office "traffic", which has no "payee"`},
		"no account":       {edit(city, "{account: hzjj, fee", "{account: hzj, fee"), `There is no account "hzj" in this pack.`},
		"no definition":    {edit(city, "  traffic-fine-payment: {", "  traffic-fine: {"), "There is no definition services/traffic-fine.yaml"},
		"unknown key":      {edit(city, "demo: true", "demos: true"), `"demos" is not known here. Did you mean "demo"?`},
		"no kind": {func(f map[string]string) {
			f["services/tree-felling.yaml"] = strings.Replace(f["services/traffic-fine-payment.yaml"], "id: traffic-fine-payment", "id: tree-felling", 1)
		}, `"tree-felling" is none of the kinds in kinds.csv. A service of your own has an id that begins with "own-", such as "own-tree-felling".`},
		"own, no group": {func(f map[string]string) {
			f["services/own-trees.yaml"] = strings.NewReplacer("id: traffic-fine-payment", "id: own-trees", "group: traffic-police", "group: traffic-polise").Replace(f["services/traffic-fine-payment.yaml"])
		}, `There is no group "traffic-polise". Did you mean "traffic-police"? The groups are traffic-police.`},
		"broken service": {edit("services/traffic-fine-payment.yaml", "rate: true", "rate: maybe"), "services/traffic-fine-payment.yaml:22:7: rate: Expected true or false here"},
	} {
		got, problems := files(t, c.change)
		var all []string
		for _, p := range problems {
			all = append(all, p.String())
		}
		if got != nil || !strings.Contains(strings.Join(all, "\n"), c.say) {
			t.Errorf("%s: want %s\n got %s", name, c.say, strings.Join(all, "\n     "))
		}
	}
}

// A pack belongs to a city that exists, in a file of that city's name.
func TestPackIsOfACity(t *testing.T) {
	t.Parallel()
	const regions = "regions/prefectures.csv"
	head := "code,name,short_name,slug,level,kind\n330000,浙江省,浙江,zhejiang,province,省\n330100,杭州市,杭州,hangzhou,prefecture,地级市\n"
	for name, c := range map[string]struct {
		change func(map[string]string)
		want   string
	}{
		"sound": {func(map[string]string) {}, ""},
		"no city": {func(f map[string]string) {
			f["cities/hangzhou.yaml"] = strings.Replace(f["cities/hangzhou.yaml"], "330100", "999999", 1)
		}, `"999999" is the code of no city`},
		"a province": {func(f map[string]string) {
			f["cities/hangzhou.yaml"] = strings.Replace(f["cities/hangzhou.yaml"], "330100", "330000", 1)
		}, `"330000" is the code of no city`},
		"other name": {func(f map[string]string) {
			f["cities/nowhere.yaml"] = f["cities/hangzhou.yaml"]
			delete(f, "cities/hangzhou.yaml")
		}, "The pack of 330100 is the file cities/hangzhou.yaml"},
	} {
		_, problems := files(t, func(f map[string]string) {
			f[regions] = head
			c.change(f)
		})
		got := ""
		for _, p := range problems {
			got += p.String()
		}
		if (c.want == "") != (got == "") || !strings.Contains(got, c.want) {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

const base = `departments:
  "{slug}-police": {name: {zh: "{city}交警（演示）", en: "{city} Police"}, sector: f01}
accounts:
  "{short}jj": {name: "{city}交警（演示）", department: "{slug}-police", sign: 警, intro: 一句话}
offices:
  traffic: {system: traffic, name: {zh: "{city}交警", en: "{city} Police"}, payee: 财政, fixed: {region: "{code}"}}
services:
  traffic-fine-payment: {account: "{short}jj"}
`

// based is a catalogue whose Hangzhou begins with a base.
func based(t *testing.T, pack string) (*service.Catalogue, []service.Problem) {
	t.Helper()
	return files(t, func(f map[string]string) {
		f["bases/demo.yaml"] = base
		f["cities/hangzhou.yaml"] = "city: \"330100\"\ndemo: true\nbase: demo\nname: {zh: 杭州, en: Hangzhou}\nshort: hz\n" + pack
	})
}

// A base is filled in with the city's names, each in its language, and the pack's own words win.
func TestBase(t *testing.T) {
	t.Parallel()
	c, problems := based(t, "services: {}\n")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	p, _ := c.City("330100")
	o, ok := c.Offer("330100", "traffic-fine-payment")
	if !ok || o.Account != "hzjj" || o.Department != "杭州交警（演示）" || o.Offices["traffic"].Name != (service.Text{Zh: "杭州交警", En: "Hangzhou Police"}) {
		t.Errorf("offer %+v", o)
	}
	if o.Offices["traffic"].Fixed["region"] != "330100" || p.Departments[0].Slug != "hangzhou-police" || p.Departments[0].Name.En != "Hangzhou Police" {
		t.Errorf("pack %+v", p)
	}
	c, problems = based(t, "offices:\n  traffic: {system: other, name: 市交管, payee: 财政}\nservices:\n  traffic-fine-payment: {account: hzjj, fee: 另算}\n")
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	if o, _ := c.Offer("330100", "traffic-fine-payment"); o.Offices["traffic"].System != "other" || o.Definition.Fee.Zh != "另算" {
		t.Errorf("the pack does not win over its base: %+v", o)
	}
	c, problems = based(t, "without: [traffic-fine-payment]\nservices: {}\n")
	if _, ok := c.Offer("330100", "traffic-fine-payment"); ok || len(problems) > 0 {
		t.Error("a service that the pack leaves out is offered", problems)
	}
}

func TestBrokenBases(t *testing.T) {
	t.Parallel()
	for say, change := range map[string]func(map[string]string){
		"cities/hangzhou.yaml:3:7: base: There is no bases/demo.yaml.": func(f map[string]string) { delete(f, "bases/demo.yaml") },
		`short: "H" is not two to twelve small letters.`:               func(f map[string]string) { f["short"] = "H" },
		`without: The base does not offer "none".`:                     func(f map[string]string) { f["without"] = "none" },
		"bases/demo.yaml:6:30: offices.traffic.systm: \"systm\" is not known here. Did you mean \"system\"? (as the base of cities/hangzhou.yaml)": func(f map[string]string) {
			f["bases/demo.yaml"] = strings.Replace(base, "system: traffic", "system: traffic, systm: x", 1)
		},
	} {
		_, problems := files(t, func(f map[string]string) {
			f["short"], f["without"], f["bases/demo.yaml"] = "hz", "", base
			change(f)
			f["cities/hangzhou.yaml"] = fmt.Sprintf("city: \"330100\"\ndemo: true\nbase: demo\nname: 杭州\nshort: %s\nwithout: [%s]\nservices: {}\n", f["short"], f["without"])
		})
		var all []string
		for _, p := range problems {
			all = append(all, p.String())
		}
		if !strings.Contains(strings.Join(all, "\n"), say) {
			t.Errorf("want %s\n got %s", say, strings.Join(all, "\n     "))
		}
	}
}

// The six cities differ by what only some of them have, and together they offer every kind.
func TestLocalServices(t *testing.T) {
	t.Parallel()
	c := catalogue(t)
	for id, cities := range map[string]string{
		"heating-fee-payment": "110000 370200", "heating-service-desk": "110000 370200", "property-tax-query": "310000",
		"car-plate-lottery-query": "110000 330100 440100", "tide-query": "310000 330100 370200 440100",
	} {
		var at []string
		for _, city := range c.Cities() {
			if _, ok := c.Offer(city, id); ok {
				at = append(at, city)
			}
		}
		if strings.Join(at, " ") != cities {
			t.Errorf("%s is offered in %s, want %s", id, at, cities)
		}
	}
	for _, k := range c.Kinds("") {
		if _, ok := c.OfferNear("330100", k.ID); !ok {
			t.Errorf("no city offers %s", k.ID)
		}
	}
	if o, _ := c.OfferNear("330100", "property-tax-query"); o.City != "310000" || o.Definition.Name.Zh != "房产税" {
		t.Errorf("the property tax is found as %s in %s", o.Definition.Name.Zh, o.City)
	}
	hangzhou, _ := c.City("330100")
	beijing, _ := c.City("110000")
	heats := func(a service.AccountSeed) bool { return strings.HasSuffix(a.Alias, "gr") }
	if slices.ContainsFunc(hangzhou.Accounts, heats) || !slices.ContainsFunc(beijing.Accounts, heats) {
		t.Error("the account of a heating company is there without a heating service, or the other way round")
	}
	if slices.ContainsFunc(hangzhou.Departments, func(d service.DepartmentSeed) bool { return d.Slug == "hangzhou-heating" }) {
		t.Error("Hangzhou has a heating company without an account")
	}
}
