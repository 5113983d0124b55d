package city_test

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"zhijian/catalog"
	"zhijian/domain/account"
	"zhijian/domain/cases"
	"zhijian/domain/department"
	"zhijian/domain/identity"
	"zhijian/domain/region"
	"zhijian/domain/service"
	"zhijian/domain/service/find"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/seal"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/testkit"
	"zhijian/web/city"
	"zhijian/web/frame"
	"zhijian/web/words"
)

// files stands for the built assets: what pages say about them does not depend on a build.
type files struct{}

func (files) URL(name string) string { return "/static/" + name }
func (files) CriticalCSS() string    { return "body{margin:0}" }

// desk is what the entry asks of the rooms whose own behaviour is not looked at here.
type desk struct {
	mu      sync.Mutex
	open    []cases.Waiting
	stars   map[string]cases.Stars
	counted int
	opened  []cases.Opening
	opening error
	kept    []identity.Favourite
	unread  int
	sky     map[string]any
	skyErr  error
	asked   int
	away    map[string]time.Time
	used    map[string]int // levels, by city and service
}

func (d *desk) Level(city string, services ...string) (sum int) {
	for _, s := range services {
		sum += d.used[city+"/"+s]
	}
	return sum
}

func (d *desk) Who(_ context.Context, token string) (identity.Session, identity.Resident, error) {
	if token != "r1" {
		return identity.Session{}, identity.Resident{}, fault.Denied("session", "请先登录")
	}
	return identity.Session{ID: 10, Resident: 1}, identity.Resident{ID: 1, Level: 4, Name: seal.Plain("欧阳明敏"), CitizenNumber: seal.Plain("330102199001011244")}, nil
}

func (d *desk) Open(_ context.Context, a actor.Actor, o cases.Opening) (cases.Case, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.opening != nil {
		return cases.Case{}, d.opening
	}
	d.opened = append(d.opened, o)
	return cases.Case{No: "7K2Q9D0M7K2Q9D0MA"}, nil
}

func (d *desk) Ratings(_ context.Context, city string) (map[string]cases.Stars, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.counted++
	if city != "330100" {
		return nil, nil
	}
	return d.stars, nil
}

func (d *desk) Waiting(_ context.Context, a actor.Actor, limit int) ([]cases.Waiting, error) {
	if a.ID != 1 {
		return nil, errors.New("cases of nobody were asked for")
	}
	return d.open[:min(limit, len(d.open))], nil
}

func (d *desk) Favourites(context.Context, actor.Actor) ([]identity.Favourite, error) {
	return d.kept, nil
}

func (d *desk) Favour(_ context.Context, _ actor.Actor, city, service string, on bool) error {
	d.kept = nil
	if on {
		d.kept = []identity.Favourite{{City: city, Service: service}}
	}
	return nil
}

func (d *desk) Unread(context.Context, actor.Actor) (int, error) { return d.unread, nil }

// Down says that the traffic police's system is away when a test says so.
func (d *desk) Down(system string) (time.Time, bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	since, down := d.away[system]
	return since, down
}

// Shut: no office is out of its quota here.
func (d *desk) Shut(string) (string, time.Time, bool) { return "", time.Time{}, false }

func (d *desk) Call(_ context.Context, system, call, _ string, with map[string]any) (map[string]any, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked++
	if system != "weather" || call != "forecast" || with["region"] == "" {
		return nil, errors.New("not the weather")
	}
	return d.sky, d.skyErr
}

// rig is the entry over the real catalogue, regions and accounts.
type rig struct {
	t        testing.TB
	h        http.Handler
	door     *door.Door
	entry    *city.Entry
	desk     *desk
	clock    *clock.Fixed
	accounts *account.Desk
}

func build(t testing.TB) *rig {
	t.Helper()
	g := &rig{t: t, clock: testkit.Clock(), desk: &desk{sky: map[string]any{"now": map[string]any{"text": "小雨", "temp": int64(22), "aqi": float64(41), "aqi_text": "优"}}}}
	catalogue, problems := service.LoadCatalogue(pinned(t))
	if len(problems) > 0 {
		t.Fatalf("catalogue: %v", problems)
	}
	regions, err := region.Load(catalog.FS)
	must(t, err)
	synonyms, err := find.LoadSynonyms(catalog.FS)
	must(t, err)
	db := testkit.DatabaseAt(t, g.clock)
	ids := &uid.Maker{Clock: g.clock}
	departments, err := department.New(department.Config{Store: store.Departments{DB: db}, Clock: g.clock, IDs: ids})
	must(t, err)
	g.accounts, err = account.New(account.Config{Store: store.Accounts{DB: db}, Clock: g.clock, IDs: ids})
	must(t, err)
	seed(t, catalogue, departments, g.accounts)
	book, err := words.Open()
	must(t, err)
	f, err := frame.New(frame.Config{Regions: regions, Assets: files{}, Unread: g.desk, Words: book, Clock: g.clock, Demo: true})
	must(t, err)
	g.entry, err = city.New(city.Config{
		Frame: f, Regions: regions, Shelf: catalogue, Synonyms: synonyms, Cases: g.desk, Accounts: g.accounts,
		Departments: departments, Favourites: g.desk, Office: g.desk, Uses: g.desk,
	})
	must(t, err)
	g.door, err = door.New(door.Config{
		Origin: "http://127.0.0.1", Clock: g.clock, Secret: []byte(strings.Repeat("s", 32)), Residents: g.desk, StyleCookie: "v1",
		Rates: map[door.Class]door.Rate{door.Reading: {Burst: 1 << 20, Per: time.Minute}, door.Searching: {Burst: 1 << 20, Per: time.Minute}},
	})
	must(t, err)
	mux := http.NewServeMux()
	must(t, g.door.Mount(mux, door.Set{Face: f, Routes: g.entry.Routes(), Pages: true}))
	g.h = g.door.Handler(mux, f)
	return g
}

// pinned is the catalogue with a base that never changes, so that these tests do not move with every service a city opens.
func pinned(t testing.TB) fs.FS {
	t.Helper()
	list := fstest.MapFS{}
	must(t, fs.WalkDir(catalog.FS, ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(catalog.FS, path)
		if strings.HasPrefix(path, "cities/") && strings.Contains(string(b), "\nbase: ") { // what such a city parts with or words anew is what the real base offers
			b = regexp.MustCompile(`(?m)^without:.*\n`).ReplaceAll(b, nil)
			b = regexp.MustCompile(`(?s)\nservices:.*`).ReplaceAll(b, []byte("\nservices: {}\n"))
		}
		list[path] = &fstest.MapFile{Data: b}
		return err
	}))
	base, err := os.ReadFile("testdata/demo.yaml")
	must(t, err)
	list["bases/demo.yaml"] = &fstest.MapFile{Data: base}
	return list
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// seed opens the departments and accounts of the city packs.
func seed(t testing.TB, c *service.Catalogue, departments *department.Desk, accounts *account.Desk) {
	t.Helper()
	for _, code := range c.Cities() {
		pack, _ := c.City(code)
		of := map[string]int64{}
		for _, d := range pack.Departments {
			kept, err := departments.Put(t.Context(), actor.House, department.Department{Slug: d.Slug, Name: d.Name.Zh, En: d.Name.En, Region: code, Level: d.Level, Sector: d.Sector, Phone: d.Phone})
			must(t, err)
			of[d.Slug] = kept.ID
		}
		for _, a := range pack.Accounts {
			_, err := accounts.Put(t.Context(), actor.House, account.Account{Alias: a.Alias, Name: a.Name.Zh, En: a.Name.En, Kind: account.Kind(a.Kind), Department: of[a.Department], Region: code, Sector: a.Sector, Verified: true, Intro: a.Intro.Zh, IntroEn: a.Intro.En, Sign: a.Sign})
			must(t, err)
		}
	}
}

const (
	resident = "zj=r1"
	elder    = "elder=1"
)

func (g *rig) get(path string, cookies ...string) *httptest.ResponseRecorder {
	g.t.Helper()
	return g.do(httptest.NewRequest("GET", path, nil), cookies)
}

func (g *rig) post(path, form string, cookies ...string) *httptest.ResponseRecorder {
	g.t.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return g.do(r, cookies)
}

func (g *rig) do(r *http.Request, cookies []string) *httptest.ResponseRecorder {
	r.Host = "127.0.0.1"
	if len(cookies) > 0 {
		r.Header.Set("Cookie", strings.Join(cookies, "; "))
	}
	w := httptest.NewRecorder()
	g.h.ServeHTTP(w, r)
	return w
}

// page is the outline of a page that must be there.
func (g *rig) page(path string, cookies ...string) string {
	g.t.Helper()
	w := g.get(path, cookies...)
	if w.Code != http.StatusOK {
		g.t.Fatalf("GET %s = %d %.300s", path, w.Code, w.Body)
	}
	return outline(g.t, w.Body.String())
}

// token reads the form token of a page.
func (g *rig) token(path string, cookies ...string) string {
	g.t.Helper()
	_, rest, ok := strings.Cut(g.get(path, cookies...).Body.String(), `name="_token" value="`)
	token, _, _ := strings.Cut(rest, `"`)
	if !ok {
		g.t.Fatalf("%s has no token", path)
	}
	return token
}

func holds(t *testing.T, name, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s: %q is missing in\n%s", name, p, text)
		}
	}
}

func lacks(t *testing.T, name, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(text, p) {
			t.Errorf("%s: %q is there in\n%s", name, p, text)
		}
	}
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	if _, err := city.New(city.Config{}); err == nil {
		t.Errorf("New accepted nothing")
	}
}

func TestHome(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.desk.unread = 3
	begun, now := g.clock.Now().Add(-20*time.Minute), g.clock.Now()
	g.desk.open = []cases.Waiting{
		{Case: cases.Case{No: "SOON", City: "330100", Service: "electricity-bill-payment", State: cases.Paying, Updated: begun}, Amount: 10760, Until: now.Add(15 * time.Minute)},
		{Case: cases.Case{No: "LATER", City: "330100", Service: "traffic-fine-payment", State: cases.Paying, Summary: seal.Plain("浙A·8K2*7"), Updated: begun}, Amount: 15000, Until: now.Add(2 * 24 * time.Hour)},
		{Case: cases.Case{No: "BEGUN", City: "330100", Service: "hall-appointment", State: cases.Draft, Updated: begun}, Until: now.Add(20 * 24 * time.Hour)},
		{Case: cases.Case{No: "FOURTH", City: "330100", Service: "weather-forecast", State: cases.Draft}, Until: now.Add(30 * 24 * time.Hour)},
	}
	visitor := g.page("/city/hangzhou")
	holds(t, "visitor", visitor, "小雨 22℃", "空气 优", "# 动动指尖，把事办了", "杭州市 4 个公众号 · 6 项服务，一个入口", "按领域找服务", "全部 27 类", "交通违法罚款缴纳", "杭州交警（演示）", "演示数据")
	lacks(t, "visitor", visitor, "等您处理", "SOON")

	mine := g.page("/city/hangzhou", resident)
	holds(t, "resident", mine, "## 等您处理 3 件", "电费查询与充值缴费 ¥107.60 20 分钟前开始　5月26日 14:23 前 付款 去付款", "交通违法罚款缴纳 ¥150.00 浙A·8K2*7　5月28日前 付款 去付款",
		"政务大厅预约取号 20 分钟前开始　6月15日前 办完 接着办", "3 条未读")
	holds(t, "resident, in English", g.page("/en/city/hangzhou", resident), "CNY 150.00", "to pay", "to finish")
	lacks(t, "resident", mine, "FOURTH")
	if a, b, c := strings.Index(mine, "/cases/SOON"), strings.Index(mine, "/cases/LATER"), strings.Index(mine, "/cases/BEGUN"); a > b || b > c || a < 0 {
		t.Errorf("to-dos are not by deadline: %d %d %d", a, b, c)
	}
	holds(t, "elder resident", g.page("/city/hangzhou", resident, elder), "# 您好，欧阳女士", "常办的事", "打 12345 找人帮忙", "标准版")
	holds(t, "elder visitor", g.page("/city/hangzhou", elder), "# 您好", "常办的事", "打 12345")
	holds(t, "English", g.page("/en/city/hangzhou"), "# One touch, and it is done", "22°C", "Hangzhou: 4 accounts, 6 services", "/en/city/hangzhou/services?group=tax")
	holds(t, "a city that is not open", g.page("/city/guilin"), "还没有开通线上服务", "tel:12345")
	for path, status := range map[string]int{"/city/zhejiang": 404, "/city/nowhere": 404, "/city/330100": 404, "/city/yuhang": 404} {
		if w := g.get(path); w.Code != status {
			t.Errorf("GET %s = %d, want %d", path, w.Code, status)
		}
	}
}

// The weather is asked for once a minute, and a silent bureau costs the line, not the page.
func TestSky(t *testing.T) {
	t.Parallel()
	g := build(t)
	for range 3 {
		g.page("/city/hangzhou", resident)
	}
	if g.desk.asked != 1 {
		t.Errorf("asked %d times in a minute, want once", g.desk.asked)
	}
	g.desk.skyErr = fault.Unavailable("office.down", "气象台没有回应")
	g.clock.Advance(2 * time.Minute)
	holds(t, "bureau down for a while", g.page("/city/hangzhou", resident), "小雨 22℃")
	g.clock.Advance(time.Hour)
	lacks(t, "bureau down for long", g.page("/city/hangzhou", resident), "小雨")
	g.desk.skyErr, g.desk.sky = nil, map[string]any{"now": "rubbish"}
	g.clock.Advance(2 * time.Minute)
	lacks(t, "rubbish", g.page("/city/hangzhou", resident), "rubbish", "℃")
}

func TestChoose(t *testing.T) {
	t.Parallel()
	g := build(t)
	holds(t, "first visit", g.page("/"), "# 选择城市", "按拼音找", "浙江省", "开通 3 个市", "[查找]")
	lacks(t, "first visit", g.page("/"), "最近用过", "香港")
	holds(t, "after cities", g.page("/", "city=wenzhou.hangzhou"), "最近用过", "温州 → /city/wenzhou", "杭州 → /city/hangzhou", "开通 3 个市", "丽水 → /city/lishui")
	holds(t, "a province", g.page("/?in=hubei"), "湖北省", "武汉 → /city/wuhan")
	holds(t, "a letter", g.page("/?letter=W"), "W 开头的城市", "温州 → /city/wenzhou", "无锡 → /city/wuxi")
	holds(t, "initials", g.page("/?q=wz"), "找到的地方", "温州 已开通 5 项服务 → /city/wenzhou")
	holds(t, "a county", g.page("/?q=余杭"), "余杭", "杭州 下面的区县，由市里统一办理 → /city/hangzhou")
	holds(t, "a province by name", g.page("/?q=浙江"), "→ /?in=zhejiang")
	holds(t, "nothing", g.page("/?q=qqqqqq"), "没有找到“qqqqqq”", "可以只输入前一两个字")
	holds(t, "with a service", g.page("/?service=traffic-fine-payment&q=温州"), "要先选城市", "→ /city/wenzhou/services/traffic-fine-payment")
	lacks(t, "with a service that is none", g.page("/?service=x"), "要先选城市")
	holds(t, "English", g.page("/en/?letter=W"), "Wenzhou → /en/city/wenzhou")
	for query, want := range map[string]string{
		"lat=30.25&lng=120.17": "/city/hangzhou", "lat=39.9&lng=116.4": "/city/beijing",
		"": "/?place=none", "lat=x&lng=1": "/?place=none", "lat=0&lng=0": "/?place=none", "lat=NaN&lng=NaN": "/?place=none", "lat=1e400&lng=3": "/?place=none",
	} {
		if w := g.get("/locate?" + query); w.Code != 303 || w.Header().Get("Location") != want {
			t.Errorf("/locate?%s = %d %s, want %s", query, w.Code, w.Header().Get("Location"), want)
		}
	}
	holds(t, "no place", g.page("/?place=none"), "没有判断出您在哪座城市")
}

func TestServices(t *testing.T) {
	t.Parallel()
	g := build(t)
	all := g.page("/city/hangzhou/services")
	holds(t, "all", all, "# 杭州 · 全部服务", "## 已开通", "6 项", "交通违法罚款缴纳", "杭州交警（演示）", "在线办结", "预约后到窗口", "马上查到")
	group := g.page("/city/hangzhou/services?group=traffic-police")
	holds(t, "a group", group, "## 交管", "3 项", "杭州还没有开通的", "交通事故快速处理")
	lacks(t, "a group", group, "天气预报")
	holds(t, "mine as a visitor", g.page("/city/hangzhou/services?group=mine"), "还没有收藏", "→ /login?next=%2Fcity%2Fhangzhou%2Fservices%3Fgroup%3Dmine")
	holds(t, "mine, empty", g.page("/city/hangzhou/services?group=mine", resident), "还没有收藏", "点“收藏”")
	g.desk.kept = []identity.Favourite{{City: "330300", Service: "weather-forecast"}, {City: "wenzhou", Service: "driver-points-query"}, {City: "330100", Service: "gone"}}
	holds(t, "mine, of another city", g.page("/city/hangzhou/services?group=mine", resident), "2 项", "/city/wenzhou/services/weather-forecast", "温州")
	holds(t, "with a query", g.page("/city/hangzhou/services?q=违章"), "“违章”的正式叫法是")
	if w := g.get("/city/hangzhou/services?group=nothing"); w.Code != 404 {
		t.Errorf("an unknown group = %d, want 404", w.Code)
	}
}

// Ratings stand on the shelf and on the start page, and are read once a minute however many look.
func TestRatings(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.desk.stars = map[string]cases.Stars{"traffic-fine-payment": {Count: 12, Sum: 59, Good: 12, Asked: 3, InTime: 3}, "weather-forecast": {}}
	for range 3 {
		holds(t, "shelf", g.page("/city/hangzhou/services", resident), "交通违法罚款缴纳 杭州交警（演示）　评分 4.9", "天气预报 杭州气象（演示） 马上查到")
		holds(t, "start", g.page("/city/hangzhou/services/traffic-fine-payment", resident), "4.9 分，12 人评过", "好评率", "100%")
		lacks(t, "start, so few that they could be guessed", g.page("/city/hangzhou/services/traffic-fine-payment"), "按时答复")
		lacks(t, "start, not rated", g.page("/city/hangzhou/services/weather-forecast"), "评分")
	}
	holds(t, "English", g.page("/en/city/hangzhou/services/traffic-fine-payment"), "4.9 of 5, 12 ratings")
	lacks(t, "another city", g.page("/city/wenzhou/services"), "评分")
	if g.desk.counted != 2 {
		t.Errorf("read %d times for two cities in a minute", g.desk.counted)
	}
	g.clock.Advance(time.Minute)
	g.desk.stars = map[string]cases.Stars{"traffic-fine-payment": {Count: 13, Sum: 60}}
	holds(t, "a minute later", g.page("/city/hangzhou/services", resident), "评分 4.6")
}

// TestUse: what a city uses most stands first on its home, its shelf and among equal hits, and everything else stays as the catalogue has it.
func TestUse(t *testing.T) {
	t.Parallel()
	g := build(t)
	g.desk.used = map[string]int{"330100/weather-forecast": 3, "330100/electricity-bill-payment": 2}
	order := func(what, page string, want ...string) {
		t.Helper()
		at := -1
		for _, one := range want {
			next := strings.Index(page, one)
			if next <= at {
				t.Errorf("%s: %q does not stand after the one before\n%s", what, one, page)
			}
			at = next
		}
	}
	weather, power, violation := "/services/weather-forecast", "/services/electricity-bill-payment", "/services/vehicle-violation-query"
	order("home", g.page("/city/hangzhou"), "/services?group=weather", "/services?group=utility", "/services?group=police", weather, power, violation)
	order("shelf", g.page("/city/hangzhou/services"), weather, power, violation)
	order("a city without use", g.page("/city/wenzhou"), "/services?group=police", "/services?group=utility", "/services?group=weather", violation, power, weather)
	g.desk.used["330300/traffic-fine-payment"] = 1
	order("what fits better", g.page("/city/wenzhou/search?q=违法查询"), violation, "/services/traffic-fine-payment")
}

func TestSearch(t *testing.T) {
	t.Parallel()
	g := build(t)
	for q, want := range map[string][]string{
		"违章":      {"“违章”的正式叫法是“交通违法”", "交通违法罚款缴纳", "杭州还没有开通"},
		"jtwf":    {"→ /city/hangzhou/services/traffic-fine-payment"},
		"dianfei": {"电费查询与充值缴费"},
		"交通为法":    {"交通违法罚款缴纳"},
		"杭州交警":    {"## 公众号", "→ /a/"},
		"大字":      {"换成长辈版", "POST /me/elder"},
		"":        {"# 搜索服务和公众号", "打 12345", "按领域找服务"},
		"zzzzqq":  {"没有找到“zzzzqq”", "打 12345 找人帮忙", "税务 → /city/hangzhou/services?group=tax"},
	} {
		got := g.page("/city/hangzhou/search?q=" + q)
		for _, part := range want {
			if !strings.Contains(got, part) {
				t.Errorf("q=%s: %q is missing in\n%s", q, part, got)
			}
		}
	}
	holds(t, "in the last city", g.page("/search?q=电费", "city=wenzhou"), "/city/wenzhou/services/electricity-bill-payment")
	holds(t, "without a city", g.page("/search?q=电费"), "→ /?service=electricity-bill-payment")
	holds(t, "English", g.page("/en/city/hangzhou/search?q=electricity"), "/en/city/hangzhou/services/electricity-bill-payment")
	holds(t, "only accounts", g.page("/city/hangzhou/search?q=杭州供电&type=account"), "公众号")
	hostile := g.get("/city/hangzhou/search?q=" + strings.ReplaceAll(`<script>alert(1)</script>"><img src=x onerror=alert(1)>`, " ", "+"))
	if body := hostile.Body.String(); hostile.Code != 200 || strings.Contains(body, "<script>alert") || strings.Contains(body, "<img") {
		t.Errorf("hostile query = %d, not escaped", hostile.Code)
	}
	if w := g.get("/city/hangzhou/search?q=" + strings.Repeat("长", 600)); w.Code != 200 {
		t.Errorf("a long query = %d", w.Code)
	}
}

func TestService(t *testing.T) {
	t.Parallel()
	g := build(t)
	at := "/city/hangzhou/services/traffic-fine-payment"
	visitor := g.page(at)
	holds(t, "start page", visitor, "# 交通违法罚款缴纳", "谁能办", "费用", "多久办好", "谁来办", "请准备好", "办理依据", "POST "+at+"/start", "[开始办理]", "换一座城市办")
	lacks(t, "start page for visitors", visitor, "_key")
	holds(t, "start page for residents", g.page(at, resident), "_key")
	absent := g.page("/city/hangzhou/services/id-card-service")
	holds(t, "not offered here", absent, "杭州还没有开通“居民身份证补换领”", "tel:12345")
	if w := g.get("/city/hangzhou/services/no-such"); w.Code != 404 {
		t.Errorf("an unknown service = %d, want 404", w.Code)
	}
}

// Before anything is filled in the page says that a system behind the service is away, and since when.
func TestServiceIsHonestAboutItsOffices(t *testing.T) {
	t.Parallel()
	g := build(t)
	const at = "/city/hangzhou/services/traffic-fine-payment"
	if page := g.page(at, resident); strings.Contains(page, "连不上") || strings.Contains(page, "没有接通") {
		t.Error("a notice although all is well")
	}
	for since, want := range map[time.Time]string{g.clock.Now().Add(-time.Hour): "的系统从 ", {}: "的系统还没有接通"} {
		g.desk.mu.Lock()
		g.desk.away = map[string]time.Time{"traffic": since}
		g.desk.mu.Unlock()
		g.clock.Advance(2 * time.Minute) // a kept page is a minute old at most
		if page := g.page(at, resident); !strings.Contains(page, want) || !strings.Contains(page, "杭州交警") {
			t.Errorf("no %q on the page", want)
		}
	}
	if page := g.page("/city/hangzhou/services/weather-forecast", resident); strings.Contains(page, "的系统") {
		t.Error("another office's service has the notice too")
	}
}

func TestStart(t *testing.T) {
	t.Parallel()
	g := build(t)
	at := "/city/hangzhou/services/weather-forecast"
	token := g.token(at)
	w := g.post(at+"/start", "_token="+token+"&city_name=x&city_name=y")
	if w.Code != 303 || w.Header().Get("Location") != "/cases/7K2Q9D0M7K2Q9D0MA" {
		t.Fatalf("start = %d %s", w.Code, w.Header().Get("Location"))
	}
	if c := strings.Join(w.Header().Values("Set-Cookie"), "\n"); !strings.Contains(c, "zjv=") {
		t.Errorf("cookies %q: a visitor's case needs the visitor's cookie", c)
	}
	got := g.desk.opened[0]
	if got.City != "330100" || got.Service != "weather-forecast" || len(got.Visitor) < 32 || len(got.Answers["city_name"]) != 2 || got.Answers["_token"] != nil {
		t.Errorf("opened %+v", got)
	}
	g.desk.opening = door.NeedSignIn()
	if w := g.post("/en"+at+"/start", "_token="+token); w.Header().Get("Location") != "/en/login?next=%2Fen%2Fcity%2Fhangzhou%2Fservices%2Fweather-forecast" {
		t.Errorf("who must sign in goes to %s", w.Header().Get("Location"))
	}
	g.desk.opening = fault.TooMany("budget.cases", "今天办的事太多，请明天再来").After(time.Hour)
	if w := g.post(at+"/start", "_token="+token); w.Code != 429 || !strings.Contains(w.Body.String(), "今天办的事太多") {
		t.Errorf("over the budget = %d", w.Code)
	}
	g.desk.opening = nil
	if w := g.post("/city/hangzhou/services/id-card-service/start", "_token="+token); w.Header().Get("Location") != "/city/hangzhou/services/id-card-service" {
		t.Errorf("a service that is not offered leads to %s", w.Header().Get("Location"))
	}
	if w := g.post("/city/hangzhou/services/no-such/start", "_token="+token); w.Code != 404 {
		t.Errorf("an unknown service = %d", w.Code)
	}
	if w := g.get(at + "/start"); w.Code != 405 {
		t.Errorf("GET on start = %d, want 405", w.Code)
	}
	if n := len(g.desk.opened); n != 1 {
		t.Errorf("%d cases opened, want 1", n)
	}
}

// A program that posts the main form of a service's page begins the service, whatever else the page offers.
func TestFirstFormBegins(t *testing.T) {
	t.Parallel()
	g := build(t)
	at := "/city/hangzhou/services/traffic-fine-payment"
	page := g.get(at, resident).Body.String()
	_, main, _ := strings.Cut(page, "<main")
	main, _, _ = strings.Cut(main, "</main>")
	_, form, _ := strings.Cut(main, "<form")
	form, _, _ = strings.Cut(form, ">")
	if !strings.Contains(form, at+"/start") || !strings.Contains(page, at+"/favourite") {
		t.Errorf("the first form of the main part is <form%s>", form)
	}
}

func TestFavourite(t *testing.T) {
	t.Parallel()
	g := build(t)
	at := "/city/hangzhou/services/weather-forecast"
	if w := g.post(at+"/favourite", "_token="+g.token(at)+"&on=1"); !strings.HasPrefix(w.Header().Get("Location"), "/login") {
		t.Errorf("a visitor's star = %d %s, want sign-in", w.Code, w.Header().Get("Location"))
	}
	w := g.post(at+"/favourite", "_token="+g.token(at, resident)+"&on=1", resident)
	if w.Code != 303 || w.Header().Get("Location") != at || len(g.desk.kept) != 1 || g.desk.kept[0].City != "330100" {
		t.Fatalf("star = %d %s, kept %v", w.Code, w.Header().Get("Location"), g.desk.kept)
	}
	flash, _, _ := strings.Cut(w.Header().Get("Set-Cookie"), ";")
	for _, c := range w.Header().Values("Set-Cookie") {
		if strings.HasPrefix(c, "flash=") {
			flash, _, _ = strings.Cut(c, ";")
		}
	}
	holds(t, "after the star", g.page(at, resident, flash), "已收藏，在“我的收藏”里能找到", "on=0")
}

func TestAccount(t *testing.T) {
	t.Parallel()
	g := build(t)
	list, err := g.accounts.Of(t.Context(), "330100")
	must(t, err)
	var police account.Account
	for _, a := range list {
		if strings.Contains(a.Name, "交警") {
			police = a
		}
	}
	at := "/a/" + police.Alias
	holds(t, "account", g.page(at), "# 杭州交警（演示）", "交通警察", "在这里能办", "→ /city/hangzhou/services/traffic-fine-payment")
	if w := g.get("/a/nobody"); w.Code != 404 {
		t.Errorf("an unknown account = %d", w.Code)
	}

	// A change is seen at once when its event was heard, and within a minute in any case.
	police.Intro = "新的一句话"
	_, err = g.accounts.Put(t.Context(), actor.House, police)
	must(t, err)
	lacks(t, "kept page", g.page(at), "新的一句话")
	g.entry.Forget("330100")
	g.door.Cache().Forget(city.TagAccounts)
	holds(t, "after Forget", g.page(at), "新的一句话")
	holds(t, "home after Forget", g.page("/city/hangzhou"), "新的一句话")
	police.Intro = "又一句话"
	_, err = g.accounts.Put(t.Context(), actor.House, police)
	must(t, err)
	g.clock.Advance(time.Minute)
	holds(t, "a minute later", g.page(at), "又一句话")
}

func TestTroublePages(t *testing.T) {
	t.Parallel()
	g := build(t)
	w := g.get("/city/nowhere", "city=hangzhou")
	if w.Code != 404 {
		t.Fatalf("= %d", w.Code)
	}
	holds(t, "404", outline(t, w.Body.String()), "# 没有找到这一页", "没有找到这座城市，请重新选择。", "回首页 → /city/hangzhou", "tel:12345")
	w = g.get("/en/nothing/at/all")
	holds(t, "404 in English", outline(t, w.Body.String()), "# This page was not found", "The address may be wrong, or the page was taken down.", "Choose a city → /en/")
}
