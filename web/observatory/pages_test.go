package observatory_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"zhijian/catalog"
	"zhijian/domain/identity"
	facts "zhijian/domain/observatory"
	"zhijian/domain/observatory/nation"
	"zhijian/domain/observatory/public"
	"zhijian/domain/observatory/standing"
	"zhijian/domain/region"
	"zhijian/door"
	"zhijian/ground/actor"
	"zhijian/ground/fault"
	"zhijian/testkit"
	"zhijian/ui/proof"
	"zhijian/web/frame"
	"zhijian/web/observatory"
	"zhijian/web/words"
)

var update = flag.Bool("update", false, "write the golden outlines anew")

// files stands for the built assets.
type files struct{}

func (files) URL(name string) string { return "/static/" + name }
func (files) CriticalCSS() string    { return "body{margin:0}" }

// nobody has no messages and no session.
type nobody struct{}

func (nobody) Unread(context.Context, actor.Actor) (int, error) { return 0, nil }

func (nobody) Who(context.Context, string) (identity.Session, identity.Resident, error) {
	return identity.Session{}, identity.Resident{}, fault.Denied("session", "请先登录")
}

// shelf holds editions in memory.
type shelf struct {
	list    []public.Edition
	of      map[string][]facts.Exhibit
	books   map[string]*standing.Book
	printed map[string]string // printed reports
}

func (s shelf) Printed(_ context.Context, name string) (io.ReadCloser, int64, error) {
	if text, ok := s.printed[name]; ok {
		return io.NopCloser(strings.NewReader(text)), int64(len(text)), nil
	}
	return nil, 0, fault.NotFound("edition.unprinted", "版次 %s 没有印好的白皮书", name)
}

func (s shelf) Book(_ context.Context, name string) (*standing.Book, error) {
	if b, ok := s.books[name]; ok {
		return b, nil
	}
	return nil, fault.NotFound("edition.none", "没有名为 %s 的版次", name)
}

func (s shelf) Editions(context.Context) ([]public.Edition, error) { return s.list, nil }

func (s shelf) Exhibits(_ context.Context, name string) ([]facts.Exhibit, error) {
	if l, ok := s.of[name]; ok {
		return l, nil
	}
	return nil, fault.NotFound("edition.none", "没有名为 %s 的版次", name)
}

// simulated is the nation of both years: the smallest set of facts that fills every exhibit.
var simulated = sync.OnceValues(func() (shelf, error) {
	cat, err := facts.LoadCatalog(catalog.FS)
	if err != nil {
		return shelf{}, err
	}
	this, last, err := nation.Simulate(1, nation.Input{Catalogue: catalog.FS})
	if err != nil {
		return shelf{}, err
	}
	s := shelf{of: map[string][]facts.Exhibit{}, books: map[string]*standing.Book{"2014": standing.New(&last, cat), "2015": standing.New(&this, cat)}, list: []public.Edition{
		{Name: "2014", Simulated: true, Accounts: len(last.Accounts)},
		{Name: "2015", Simulated: true, Previous: "2014", Accounts: len(this.Accounts), Months: len(this.Months), FactsSum: "f00d", ExhibitsSum: "beef", MethodVersion: "1", CodeVersion: "test"},
	}}
	if s.of["2014"], err = facts.Compute(&last, nil, cat); err != nil {
		return s, err
	}
	s.of["2015"], err = facts.Compute(&this, &last, cat)
	return s, err
})

func nationShelf(t *testing.T) shelf {
	t.Helper()
	s, err := simulated()
	must(t, err)
	return s
}

func open(t *testing.T, s shelf) http.Handler {
	t.Helper()
	regions, err := region.Load(catalog.FS)
	must(t, err)
	book, err := words.Open(observatory.Words())
	must(t, err)
	f, err := frame.New(frame.Config{Regions: regions, Assets: files{}, Unread: nobody{}, Words: book, Clock: testkit.Clock()})
	must(t, err)
	p, err := observatory.New(observatory.Config{Frame: f, Editions: s})
	must(t, err)
	d, err := door.New(door.Config{Origin: "http://127.0.0.1", Clock: testkit.Clock(), Secret: []byte(strings.Repeat("s", 32)), Residents: nobody{}, StyleCookie: "v1"})
	must(t, err)
	mux := http.NewServeMux()
	must(t, d.Mount(mux, door.Set{Face: f, Routes: p.Routes(), Pages: true}))
	return d.Handler(mux, f)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func get(h http.Handler, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Host = "127.0.0.1"
	h.ServeHTTP(w, r)
	return w
}

// heaviest is what a page may weigh compressed (asset-notes 3 gives residents' pages less; these hold pictures).
const heaviest = 50 << 10

// TestPages: every page and every exhibit, in both languages, is sound, light, and says that its data is simulated.
func TestPages(t *testing.T) {
	t.Parallel()
	s := nationShelf(t)
	h := open(t, s)
	paths := []string{
		"", "/provinces", "/prefectures", "/sectors", "/services", "/compare", "/compare?with=2014", "/method", "/errata", "/regions/330000", "/regions/330100", "/regions/110000", "/regions/000000", "/regions/710000",
		"?edition=2014", "/provinces?edition=2014", "/provinces?sort=mean", "/prefectures?sort=-accounts", "/sectors?sort=rank", "/sectors/f01", "/sectors/f54?edition=2014", "/regions/330300?edition=2014",
		"/accounts", "/accounts?q=%E4%BA%A4%E8%AD%A6&page=3", "/accounts?q=zzz", "/accounts?region=330000&sector=f01&edition=2014", "/accounts/sim0000001", "/accounts/sim0050001", "/accounts/sim0000001?edition=2014",
		"/report", "/report?edition=2014", "/report/provinces", "/report/prefectures", "/report/sectors", "/report/macro", "/report/depth", "/report/errata", "/report/method",
		"/report/appendix-1", "/report/appendix-2", "/report/appendix-3",
		"/compare?a=330100&b=330300", "/compare?a=%E6%B5%99%E6%B1%9F&b=%E5%B9%BF%E4%B8%9C", "/compare?a=%E6%B5%99%E6%B1%9F", "/compare?a=zzzz&b=330300", "/compare?a=330000&b=330300",
	}
	for _, x := range s.of["2015"] {
		paths = append(paths, "/exhibits/"+x.ID, "/embed/"+x.ID+"?edition=2015")
	}
	for _, path := range paths {
		for _, lang := range []string{"", "/en"} {
			w := get(h, lang+"/observatory"+path)
			body := w.Body.String()
			if w.Code != http.StatusOK {
				t.Errorf("%s%s: status %d", lang, path, w.Code)
				continue
			}
			if faults := proof.Page(body); len(faults) > 0 {
				t.Errorf("%s%s: %q", lang, path, faults)
			}
			if label := map[string]string{"": "模拟数据", "/en": "Simulated data"}[lang]; !strings.Contains(body, label) {
				t.Errorf("%s%s does not say that it is simulated", lang, path)
			}
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			_, _ = z.Write(w.Body.Bytes())
			_ = z.Close()
			if b.Len() > heaviest {
				t.Errorf("%s%s weighs %d bytes compressed, may %d", lang, path, b.Len(), heaviest)
			}
			if strings.Contains(body, "NaN") || strings.Contains(body, "ob.") && strings.Contains(body, ">ob.") {
				t.Errorf("%s%s shows what nobody wrote", lang, path)
			}
		}
	}
}

// TestFiles: the file of every exhibit in every form exists and is labelled, and CSV holds what JSON holds.
func TestFiles(t *testing.T) {
	t.Parallel()
	s := nationShelf(t)
	h := open(t, s)
	for _, x := range s.of["2015"] {
		path := "/observatory/exhibits/" + x.ID
		text, raw, book := get(h, path+".csv"), get(h, path+".json"), get(h, path+".xlsx")
		for form, w := range map[string]*httptest.ResponseRecorder{"csv": text, "json": raw} {
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "模拟数据") {
				t.Errorf("%s.%s: status %d, or without label", x.ID, form, w.Code)
			}
			if got := w.Header().Get("Content-Disposition"); !strings.Contains(got, x.ID+"-2015-simulated."+form) {
				t.Errorf("%s.%s is called %s", x.ID, form, got)
			}
		}
		if book.Code != http.StatusOK || book.Body.Len() < 1000 {
			t.Errorf("%s.xlsx: status %d, %d bytes", x.ID, book.Code, book.Body.Len())
		}
		rows, err := csv.NewReader(text.Body).ReadAll()
		must(t, err)
		var back facts.Exhibit
		must(t, json.Unmarshal(raw.Body.Bytes(), &back))
		want := back.Table()
		if len(rows) != len(want) {
			t.Fatalf("%s: %d rows as CSV, %d as JSON", x.ID, len(rows), len(want))
		}
		for i := range want {
			if !slices.Equal(rows[i][:len(want[i])], want[i]) {
				t.Fatalf("%s row %d: CSV %q, JSON %q", x.ID, i, rows[i], want[i])
			}
		}
		if svg := get(h, path+".svg"); x.Chart.Kind != facts.NoChart && (svg.Code != http.StatusOK || !strings.Contains(svg.Body.String(), "模拟数据")) {
			t.Errorf("%s.svg: status %d, or without label", x.ID, svg.Code)
		}
	}
}

func TestAnswers(t *testing.T) {
	t.Parallel()
	h := open(t, nationShelf(t))
	bare := open(t, shelf{})
	for name, c := range map[string]struct {
		h      http.Handler
		path   string
		status int
		says   []string
		not    []string
	}{
		"the map leads on":        {h, "/observatory", 200, []string{`href="/observatory/regions/330000"`, `href="/observatory/exhibits/table-1.csv?edition=2015"`, "83,641"}, []string{"2015</a> </nav>"}},
		"an older edition stays":  {h, "/observatory?edition=2014", 200, []string{`href="/observatory/exhibits/table-1?edition=2014"`, "40,641"}, nil},
		"doubts beside a figure":  {h, "/observatory/exhibits/figure-9", 200, []string{"DQ-06", "n</dt>", "/observatory/exhibits/figure-9?edition=2015"}, nil},
		"a region among others":   {h, "/observatory/regions/330300", 200, []string{"温州", `class="on"`, "成都"}, nil},
		"two editions":            {h, "/observatory/compare?with=2014", 200, []string{"▲ 43,000", "40,641"}, nil},
		"in English":              {h, "/en/observatory/exhibits/table-1", 200, []string{"Zhejiang", `href="/en/observatory/regions/330000"`}, []string{"浙江"}},
		"nobody is to find it":    {h, "/observatory/sectors/f01", 200, []string{`name="robots" content="noindex"`}, []string{`name="description"`}},
		"what a rank is away":     {h, "/observatory/regions/330300", 200, []string{"再多 94 个账号，超过深圳（989），到第 4 名。", "不是预测，也不是承诺", "共 334"}, nil},
		"the first of all":        {h, "/observatory/regions/330100", 200, []string{"已经是第 1 名。"}, nil},
		"the nation":              {h, "/observatory/regions/000000", 200, []string{"全国做得怎么样", "83,641", `href="/observatory/sectors/f01"`}, []string{"6,054"}}, // a figure of the national level
		"a sector":                {h, "/observatory/sectors/f01", 200, []string{"公安做得怎么样", "再认证 625 个账号", "职能类里", `href="/observatory/accounts?sector=f01"`}, nil},
		"an account":              {h, "/observatory/accounts/sim0000001", 200, []string{"北京交警（模拟）", "同领域同层级", "共 83,641", `href="/observatory/regions/110000"`}, nil},
		"fewer than ten people":   {h, "/observatory/accounts/sim0000031", 200, []string{"不公布"}, []string{"个活跃用户，超过"}},
		"searching":               {h, "/observatory/accounts?q=%E6%B8%A9%E5%B7%9E%E4%BA%A4%E8%AD%A6", 200, []string{"温州交警（模拟）", `value="温州交警"`}, nil},
		"searching within":        {h, "/observatory/accounts?region=330300&sector=f01&page=2", 200, []string{`href="/observatory/accounts?sector=f01"`, `href="/observatory/accounts?page=1&amp;region=330300&amp;sector=f01"`, "第 2 页"}, nil},
		"a page that is none":     {h, "/observatory/accounts?page=-3", 200, []string{"第 1 页"}, nil},
		"a page beyond the last":  {h, "/observatory/accounts?q=%E6%B8%A9%E5%B7%9E&page=99999", 200, []string{"换短一点的名称"}, nil},
		"script in a name":        {h, "/observatory/accounts?q=%22%3E%3Cscript%3E", 200, nil, []string{"<script>"}},
		"sorted by another":       {h, "/observatory/provinces?sort=mean", 200, []string{`aria-sort="descending"`, `href="/observatory/provinces?sort=-mean#t-provinces-all"`}, nil},
		"sorted by words":         {h, "/observatory/provinces?sort=name", 404, nil, nil},
		"sorted by nothing there": {h, "/observatory/provinces?sort=likes", 404, nil, nil},
		"two regions":             {h, "/observatory/compare?a=%E6%9D%AD%E5%B7%9E&b=wenzhou", 200, []string{"+567", "−454,603", `value="温州"`}, nil},
		"countries by name":       {h, "/observatory/exhibits/figure-1", 200, []string{`<th scope="row">日本`, `<td class="r">11`}, []string{`<th scope="row">JP`, "<td else"}},
		"countries in English":    {h, "/en/observatory/exhibits/figure-1", 200, []string{`<th scope="row">Japan`}, nil},
		"shares apart":            {h, "/observatory/compare?a=330000&b=440000", 200, []string{"+0.4 个百分点"}, nil},
		"times by ratio":          {h, "/observatory/exhibits/response", 200, []string{"对数刻度", "10 天"}, nil},
		"a region nobody knows":   {h, "/observatory/compare?a=zzzzzz&b=330300", 200, []string{"没有找到“zzzzzz”"}, nil},
		"a region and none":       {h, "/observatory/compare?a=330300", 200, []string{"请填两个地区"}, nil},
		"a province and a city":   {h, "/observatory/compare?a=330000&b=330300", 200, []string{"各地各层级的账号"}, nil},
		"a chapter":               {h, "/observatory/report/prefectures", 200, []string{"账号最多的城市，不一定最活跃：杭州账号第一", `href="#zh-note-prefectures-1"`, `id="zh-note-prefectures-1"`, `href="/observatory/exhibits/table-3"`, `href="#prefectures-3"`, `href="/observatory/report/sectors"`, "58.7%", "政务民生公众号发展白皮书. 版次 2015（模拟数据）"}, []string{"report.pdf"}},
		"notes name countries":    {h, "/observatory/report/sectors", 200, []string{"日本，账号数"}, []string{"JP，账号数"}},
		"a chapter in English":    {h, "/en/observatory/report/prefectures", 200, []string{"Hangzhou", `href="/en/observatory/report/macro"`}, nil},
		"a chapter of before":     {h, "/observatory/report/provinces?edition=2014", 200, []string{`href="/observatory/report/sectors?edition=2014"`, "版次 2014"}, nil},
		"no such chapter":         {h, "/observatory/report/chapter-9", 404, nil, nil},
		"no such appendix":        {h, "/observatory/report/appendix-9", 404, nil, nil},
		"nothing printed":         {h, "/observatory/report.pdf", 404, nil, nil},
		"no edition, the report":  {bare, "/observatory/report", 200, []string{"还没有可以看的版次"}, nil},
		"no edition, no print":    {bare, "/observatory/report.pdf", 404, nil, nil},
		"no such sector":          {h, "/observatory/sectors/f99", 404, nil, nil},
		"no such account":         {h, "/observatory/accounts/nobody", 404, nil, nil},
		"a county has no page":    {h, "/observatory/regions/330106", 404, nil, nil},
		"no such edition":         {h, "/observatory?edition=1999", 404, nil, nil},
		"no such edition beside":  {h, "/observatory/compare?with=1999", 404, nil, nil},
		"no such exhibit":         {h, "/observatory/exhibits/table-99", 404, nil, nil},
		"no such file":            {h, "/observatory/exhibits/table-99.csv", 404, nil, nil},
		"no such form":            {h, "/observatory/exhibits/table-1.exe", 404, nil, nil},
		"no such region":          {h, "/observatory/regions/999999", 404, nil, nil},
		"script in an address":    {h, "/observatory?edition=%3Cscript%3E", 404, nil, []string{"<script>"}},
		"no edition at all":       {bare, "/observatory", 200, []string{"还没有可以看的版次", "zhijian observatory simulate"}, []string{"模拟数据</b>"}},
		"no edition, one exhibit": {bare, "/observatory/exhibits/table-1", 200, []string{"zhijian observatory compute"}, nil},
		"no edition, a file":      {bare, "/observatory/exhibits/table-1.csv", 404, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := get(c.h, c.path)
			body := w.Body.String()
			if w.Code != c.status {
				t.Errorf("status %d, want %d", w.Code, c.status)
			}
			for _, s := range c.says {
				if !strings.Contains(body, s) {
					t.Errorf("does not say %q", s)
				}
			}
			for _, s := range c.not {
				if strings.Contains(body, s) {
					t.Errorf("says %q", s)
				}
			}
		})
	}
}

// TestNights: who names no edition sees the newest that is not one of the house's nights; the newest night is offered beside it.
func TestNights(t *testing.T) {
	t.Parallel()
	s := nationShelf(t)
	nights := []public.Edition{{Name: "live-2026-11-27", Simulated: true, Accounts: 7}, {Name: "live-2026-11-28", Simulated: true, Accounts: 8}}
	of := map[string][]facts.Exhibit{"2014": s.of["2014"], "2015": s.of["2015"], "live-2026-11-27": s.of["2014"], "live-2026-11-28": s.of["2014"]}
	with := open(t, shelf{list: slices.Concat(s.list, nights), of: of, books: s.books})
	alone := open(t, shelf{list: nights, of: of})
	for name, c := range map[string]struct {
		h    http.Handler
		path string
		says []string
		not  []string
	}{
		"an edition and nights": {with, "", []string{"版次 2015，", `?edition=live-2026-11-28">本平台 2026-11-28`, `href="/observatory/exhibits/table-1"`}, []string{"live-2026-11-27"}},
		"an older night":        {with, "?edition=live-2026-11-27", []string{"版次 live-2026-11-27，", "本平台 2026-11-28", `href="/observatory/exhibits/table-1?edition=live-2026-11-27"`, "演示城市自己的数字"}, nil},
		"a trend":               {with, "/regions/330300", []string{"2014（模拟数据）"}, []string{"live-2026-11-28（模拟数据）"}},
		"nights alone":          {alone, "", []string{"版次 live-2026-11-28，"}, nil},
	} {
		body := get(c.h, "/observatory"+c.path).Body.String()
		for _, want := range c.says {
			if !strings.Contains(body, want) {
				t.Errorf("%s does not say %q", name, want)
			}
		}
		for _, bad := range c.not {
			if strings.Contains(body, bad) {
				t.Errorf("%s says %q", name, bad)
			}
		}
	}
}

// TestPrinted: a printed report is offered with its size where one was published, and is called simulated where it is.
func TestPrinted(t *testing.T) {
	t.Parallel()
	s := nationShelf(t)
	s.printed = map[string]string{"2015": strings.Repeat("%PDF", 450_000)}
	h := open(t, s)
	if body := get(h, "/observatory/report").Body.String(); !strings.Contains(body, `href="/observatory/report.pdf?edition=2015"`) || !strings.Contains(body, "1.8 MB") {
		t.Error("the report does not offer its print")
	}
	if body := get(h, "/observatory/report?edition=2014").Body.String(); strings.Contains(body, "report.pdf") {
		t.Error("an edition without a print offers one")
	}
	w := get(h, "/observatory/report.pdf?edition=2015")
	if w.Code != http.StatusOK || w.Body.String() != s.printed["2015"] || w.Header().Get("Content-Type") != "application/pdf" || !strings.Contains(w.Header().Get("Content-Disposition"), "whitepaper-2015-simulated.pdf") {
		t.Errorf("status %d, %d bytes, %v", w.Code, w.Body.Len(), w.Header())
	}
}

// TestReportKeepsSecrets: what is not published of an exhibit is in no sentence of the report.
func TestReportKeepsSecrets(t *testing.T) {
	t.Parallel()
	s := nationShelf(t)
	hidden := slices.Clone(s.of["2015"])
	at := slices.IndexFunc(hidden, func(x facts.Exhibit) bool { return x.ID == "summary" })
	hidden[at].Rows = slices.Clone(hidden[at].Rows)
	for i, r := range hidden[at].Rows {
		if r[0].String() == "active" {
			hidden[at].Rows[i] = slices.Clone(r)
			hidden[at].Rows[i][hidden[at].Column("value")] = facts.None
		}
	}
	s.of = map[string][]facts.Exhibit{"2014": s.of["2014"], "2015": hidden}
	for name, c := range map[string]struct {
		h    http.Handler
		says bool
	}{"published": {open(t, nationShelf(t)), true}, "not published": {open(t, s), false}} {
		if said := strings.Contains(get(c.h, "/observatory/report").Body.String(), "最近一个月的活跃用户是"); said != c.says {
			t.Errorf("%s: said %v", name, said)
		}
	}
}

// TestEmbedding: the embedded figure alone may stand in another house's page.
func TestEmbedding(t *testing.T) {
	t.Parallel()
	h := open(t, nationShelf(t))
	for path, may := range map[string]bool{"/observatory": false, "/observatory/exhibits/figure-2": false, "/observatory/embed/figure-2": true} {
		policy := get(h, path).Header().Get("Content-Security-Policy")
		if strings.Contains(policy, "frame-ancestors *") != may || !strings.Contains(policy, "default-src 'none'") {
			t.Errorf("%s: %s", path, policy)
		}
	}
}

// TestRealData: an edition that is not simulated is not called so.
func TestRealData(t *testing.T) {
	t.Parallel()
	s := nationShelf(t)
	h := open(t, shelf{list: []public.Edition{{Name: "2015", Accounts: 83641}}, of: s.of, books: s.books})
	for _, path := range []string{"", "/exhibits/table-1", "/exhibits/table-1.csv", "/exhibits/table-1.json", "/exhibits/figure-2.svg"} {
		if body := get(h, "/observatory"+path).Body.String(); strings.Contains(body, "模拟数据") {
			t.Errorf("%s is called simulated", path)
		}
	}
}

// TestGolden holds the text of one page.
func TestGolden(t *testing.T) {
	t.Parallel()
	got := said(t, get(open(t, nationShelf(t)), "/observatory/exhibits/table-1").Body.String())
	file := filepath.Join("testdata", "exhibit.txt")
	if *update {
		must(t, os.MkdirAll("testdata", 0o755))
		must(t, os.WriteFile(file, []byte(got), 0o644))
	}
	want, err := os.ReadFile(file)
	must(t, err)
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("run with -update and look at what changed:\n%s", diff)
	}
}

// said is what a page says outside its pictures, a line each.
func said(t *testing.T, page string) string {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(page))
	must(t, err)
	var b strings.Builder
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.ElementNode && (n.Data == "head" || n.Data == "svg") {
			return
		}
		if s := strings.TrimSpace(n.Data); n.Type == html.TextNode && s != "" {
			b.WriteString(s + "\n")
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	walk(doc)
	return b.String()
}

func TestNew(t *testing.T) {
	t.Parallel()
	if _, err := observatory.New(observatory.Config{}); err == nil {
		t.Error("a configuration without anything was taken")
	}
}
