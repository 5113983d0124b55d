package sheet_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/simplifiedchinese"

	"zhijian/domain/sheet"
	"zhijian/ground/actor"
	"zhijian/ground/clock"
	"zhijian/ground/fault"
	"zhijian/ground/tabular"
	"zhijian/ground/uid"
	"zhijian/store"
	"zhijian/store/sqldb"
	"zhijian/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

var clerk = actor.Actor{Kind: actor.Staff, ID: 1, Department: 7}

type room struct {
	*sheet.Desk
	t     testing.TB
	clock *clock.Fixed
	db    *sqldb.DB
}

// users are the services over sheets that a test has, by system.
type users map[string][]sheet.Use

func (u users) Uses(_ context.Context, system string) ([]sheet.Use, error) { return u[system], nil }

func newRoom(t testing.TB, db *sqldb.DB) room {
	t.Helper()
	c := testkit.Clock()
	s := store.Sheets{DB: db, Ring: testkit.Ring(t)}
	d, err := sheet.New(sheet.Config{Store: s, Rows: s, Users: users{}, Clock: c, IDs: &uid.Maker{Clock: c}})
	if err != nil {
		t.Fatal(err)
	}
	return room{d, t, c, db}
}

func (r room) open(slug string) {
	r.t.Helper()
	if _, err := r.Open(context.Background(), clerk, sheet.Sheet{Slug: slug, Name: "停车场名单"}); err != nil {
		r.t.Fatal(err)
	}
}

// upload has a table answer as guessed, or as change says.
func (r room) upload(slug, file string, body []byte, change func(*tabular.Shape)) sheet.Sheet {
	r.t.Helper()
	ctx := context.Background()
	s, err := r.Upload(ctx, clerk, slug, file, body)
	if err != nil {
		r.t.Fatal(err)
	}
	g, _ := s.Draft()
	if change != nil {
		change(&g.Shape)
	}
	if _, err := r.Take(ctx, clerk, slug, g.Number, g.Shape); err != nil {
		r.t.Fatal(err)
	}
	if s, err = r.Answer(ctx, clerk, slug, g.Number); err != nil {
		r.t.Fatal(err)
	}
	return s
}

func (r room) find(slug string, with map[string]any) map[string]any {
	r.t.Helper()
	data, ok, err := r.Ask(context.Background(), slug, sheet.CallFind, with)
	if err != nil || !ok {
		r.t.Fatal(ok, err)
	}
	return data
}

const towed = "车牌号,停车场,拖走时间,费用\n浙A12345,城西停车场,2026-05-20,200\n浙B·8K888,城东停车场,2026年5月21日,￥180.50\n浙A1234,城西停车场,2026-05-22,200\n"

func TestLookUp(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.open("towed")
		s := r.upload("towed", "拖车.csv", []byte(towed), nil)
		g, _ := s.Answering()
		if g.Rows != 2 || g.Refused != 1 {
			t.Errorf("%d rows, %d refused", g.Rows, g.Refused)
		}
		want := map[string]any{"known": true, "c2": "城东停车场", "c3": "2026-05-21", "c4": int64(18050), "as_of": "2026-05-26T14:08:00+08:00"}
		if d := cmp.Diff(want, r.find("towed", map[string]any{"c1": "浙b8k888"})); d != "" {
			t.Error(d)
		}
		for _, plate := range []any{"浙A99999", "no plate", nil, int64(3)} {
			if got := r.find("towed", map[string]any{"c1": plate}); got["known"] != false || len(got) != 2 {
				t.Errorf("%v: %v", plate, got)
			}
		}
		list, err := r.Refused(t.Context(), clerk, "towed", g.Number, 0, 10)
		if err != nil || len(list) != 1 || list[0].Line != 4 || list[0].Column != "车牌号" || !strings.HasPrefix(list[0].Reason, "车牌号少一位") {
			t.Error(list, err)
		}
		var hidden int
		if err := db.QueryRow(t.Context(), `select count(*) from sheet_row where tab = $1`, g.Table).Scan(&hidden); err != nil || hidden != 2 {
			t.Error(hidden, err)
		}
	})
}

// What tells who somebody is can be asked by, and is nowhere to be read: not in the answer, not in the database.
func TestSensitiveColumns(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.open("allowance")
		csv := "身份证号,手机,补贴\n11010519491231002X,13800138000,120\n110105194912310021,13800138001,90\n"
		s, err := r.Upload(t.Context(), clerk, "allowance", "a.csv", []byte(csv))
		if err != nil {
			t.Fatal(err)
		}
		g, _ := s.Draft()
		told := g.Shape
		told.Columns = append([]tabular.Column(nil), told.Columns...)
		told.Columns[1].Use = tabular.Answer
		if _, err := r.Take(t.Context(), clerk, "allowance", g.Number, told); !fault.Is(err, fault.KindInvalid) || fault.Of(err).Field != "c2" {
			t.Errorf("a phone may be told: %v", err)
		}
		if g.Shape.Columns[0].Kind != tabular.Text { // one of two is not ninety in a hundred
			t.Errorf("guessed %v", g.Shape.Columns[0])
		}
		g.Shape.Columns[0].Kind, g.Shape.Columns[0].Use = tabular.Citizen, tabular.Key
		g.Shape.Columns[1].Use, g.Shape.Columns[2].Use = tabular.Omit, tabular.Answer
		if _, err := r.Take(t.Context(), clerk, "allowance", g.Number, g.Shape); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Answer(t.Context(), clerk, "allowance", g.Number); err != nil {
			t.Fatal(err)
		}
		if got := r.find("allowance", map[string]any{"c1": "11010519491231002x"}); got["c3"] != int64(120) || got["c1"] != nil || got["c2"] != nil {
			t.Errorf("%v", got)
		}
		rows, err := db.Query(t.Context(), `select key, body from sheet_row union all select body, body from sheet_file`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var key, body []byte
			if err := rows.Scan(&key, &body); err != nil {
				t.Fatal(err)
			}
			if all := append(key, body...); bytes.Contains(all, []byte("19491231")) || bytes.Contains(all, []byte("138001")) {
				t.Error("readable in the database")
			}
		}
		if err := rows.Err(); err != nil {
			t.Error(err)
		}
	})
}

// Residents ask without pause while clerks upload and go back: every answer is whole, and of one table.
func TestNoGap(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.open("rooms")
		table := func(n int) []byte {
			var b strings.Builder
			b.WriteString("编号,甲,乙\n")
			for i := range 400 {
				fmt.Fprintf(&b, "K%d,v%d,v%d\n", i, n, n)
			}
			return []byte(b.String())
		}
		r.upload("rooms", "0.csv", table(0), nil)
		var stop atomic.Bool
		var wg sync.WaitGroup
		for w := range 4 {
			wg.Go(func() {
				for i := w; !stop.Load(); i += 7 {
					data, _, err := r.Ask(context.Background(), "rooms", sheet.CallFind, map[string]any{"c1": fmt.Sprint("k", i%400)})
					if err != nil || data["known"] != true || data["c2"] != data["c3"] {
						t.Errorf("a gap: %v %v", data, err)
						return
					}
				}
			})
		}
		var s sheet.Sheet
		for n := 1; n <= 8; n++ {
			s = r.upload("rooms", "n.csv", table(n), nil)
		}
		if _, err := r.Answer(t.Context(), clerk, "rooms", s.Live-2); err != nil {
			t.Error(err)
		}
		stop.Store(true)
		wg.Wait()
		if got := r.find("rooms", map[string]any{"c1": "K3"}); got["c2"] != "v6" {
			t.Errorf("after going back: %v", got)
		}
		if len(s.Generations) != 5 {
			t.Errorf("%d generations are kept", len(s.Generations))
		}
		var left int
		if err := db.QueryRow(t.Context(), `select count(distinct tab) from sheet_row`).Scan(&left); err != nil || left != 5 {
			t.Errorf("rows of %d generations are kept, %v", left, err)
		}
		if err := db.QueryRow(t.Context(), `select count(*) from sheet_file`).Scan(&left); err != nil || left != 0 {
			t.Errorf("%d files are kept, %v", left, err)
		}
	})
}

// Two clerks confirm the same upload: one of them has done it, and the table is whole.
func TestTwoTakeAtOnce(t *testing.T) {
	t.Parallel()
	testkit.Databases(t, func(t *testing.T, db *sqldb.DB) {
		r := newRoom(t, db)
		r.open("twice")
		s, err := r.Upload(t.Context(), clerk, "twice", "t.csv", []byte(towed))
		if err != nil {
			t.Fatal(err)
		}
		g, _ := s.Draft()
		var good atomic.Int64
		var wg sync.WaitGroup
		for range 6 {
			wg.Go(func() {
				switch _, err := r.Take(context.Background(), clerk, "twice", g.Number, g.Shape); {
				case err == nil:
					good.Add(1)
				case !fault.Is(err, fault.KindConflict):
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if good.Load() != 1 {
			t.Errorf("%d have done it", good.Load())
		}
		if _, err := r.Answer(t.Context(), clerk, "twice", g.Number); err != nil {
			t.Error(err)
		}
		if r.find("twice", map[string]any{"c1": "浙A12345"})["known"] != true || r.find("twice", map[string]any{"c1": "浙B8K888"})["known"] != true {
			t.Error("a row is missing")
		}
	})
}

func TestWhoMay(t *testing.T) {
	t.Parallel()
	r := newRoom(t, testkit.Database(t))
	r.open("towed")
	ctx := t.Context()
	for name, a := range map[string]actor.Actor{"another department": {Kind: actor.Staff, ID: 2, Department: 8}, "a resident": {Kind: actor.Resident, ID: 1, Level: 4}, "nobody": {}} {
		_, up := r.Upload(ctx, a, "towed", "x.csv", []byte(towed))
		_, take := r.Take(ctx, a, "towed", 1, tabular.Shape{})
		_, answer := r.Answer(ctx, a, "towed", 1)
		_, refused := r.Refused(ctx, a, "towed", 1, 0, 1)
		_, sample := r.Sample(ctx, a, "towed", 1)
		for _, err := range []error{up, take, answer, refused, sample} {
			if !fault.Is(err, fault.KindNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if _, err := r.List(ctx, actor.Actor{}); !fault.Is(err, fault.KindDenied) {
		t.Error(err)
	}
	if list, err := r.List(ctx, actor.Actor{Kind: actor.Staff, ID: 2, Department: 8}); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
	if list, err := r.List(ctx, actor.Actor{Kind: actor.Operator, ID: 3}); err != nil || len(list) != 1 {
		t.Error(list, err)
	}
	if _, err := r.Open(ctx, clerk, sheet.Sheet{Slug: "towed", Name: "另一张"}); !fault.Is(err, fault.KindConflict) {
		t.Error(err)
	}
	if _, err := r.Open(ctx, clerk, sheet.Sheet{Slug: "../x", Name: "x"}); fault.Of(err) == nil || len(fault.Of(err).All()) != 2 {
		t.Error(err)
	}
	if _, _, err := r.Ask(ctx, "towed", sheet.CallFind, nil); !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("a sheet without rows: %v", err)
	}
	if _, ok, err := r.Ask(ctx, "nowhere", sheet.CallFind, nil); !ok || !fault.Is(err, fault.KindUnavailable) {
		t.Errorf("no sheet: %v", err)
	}
}

const times = "日期,开始,结束,名额,地点\n2026-05-27,9:00,9:30,3,城西\n2026-05-27,9:30,10:00,2,城西\n2026-05-27,9:00,9:30,5,城东\n2026-05-20,9:00,9:30,5,城西\n"

func TestSlots(t *testing.T) {
	t.Parallel()
	r := newRoom(t, testkit.Database(t))
	r.open("visits")
	shaped := func(s *tabular.Shape) {
		for i := range s.Columns {
			s.Columns[i].Use = tabular.Answer
		}
		s.Columns[4].Use = tabular.Key
		s.Slots = &tabular.Slots{Day: "c1", Start: "c2", End: "c3", Places: "c4"}
	}
	r.upload("visits", "t.csv", []byte(times), shaped)
	ask := func() map[string]any {
		data, ok, err := r.Ask(t.Context(), "visits", sheet.CallSlots, map[string]any{"c5": "城西"})
		if err != nil || !ok {
			t.Fatal(ok, err)
		}
		return data
	}
	slot := func(clock, until string, places int64) any {
		return map[string]any{
			"id": "20260527T" + strings.ReplaceAll(clock, ":", ""), "start": "2026-05-27T" + clock + ":00+08:00", "end": "2026-05-27T" + until + ":00+08:00", "capacity": places,
		}
	}
	if d := cmp.Diff([]any{slot("09:00", "09:30", 3), slot("09:30", "10:00", 2)}, ask()["slots"]); d != "" {
		t.Error(d)
	}
	r.clock.Advance(time.Minute)
	r.upload("visits", "t.csv", []byte(strings.Replace(times, "2026-05-27,9:30,10:00,2,城西\n", "2026-05-27,14:00,14:30,4,城西\n", 1)), shaped)
	want := []any{slot("09:00", "09:30", 3), slot("09:30", "10:00", 0), slot("14:00", "14:30", 4)}
	if d := cmp.Diff(want, ask()["slots"]); d != "" {
		t.Errorf("what a new table lacks has no places: %s", d)
	}
	if _, ok, _ := r.Ask(t.Context(), "visits", sheet.CallFind, nil); ok {
		t.Error("a table of times answers look-ups")
	}
}

func TestFiles(t *testing.T) {
	t.Parallel()
	r := newRoom(t, testkit.Database(t))
	r.open("files")
	gb, err := simplifiedchinese.GB18030.NewEncoder().Bytes([]byte("编号,名称\nA1,城西㐀\n"))
	if err != nil {
		t.Fatal(err)
	}
	book, err := tabular.XLSX([]tabular.Page{{Name: "x", Rows: [][]any{{"编号", "名称"}, {"A1", "城西㐀"}}}})
	if err != nil {
		t.Fatal(err)
	}
	for name, body := range map[string][]byte{"a.csv": gb, "b.csv": []byte("\xef\xbb\xbf编号,名称\nA1,城西㐀\n"), "c.csv": []byte("编号;名称\r\nA1;城西㐀\r\n"), "d.XLSX": book} {
		r.upload("files", name, body, nil)
		if got := r.find("files", map[string]any{"c1": "ａ１"}); got["c2"] != "城西㐀" {
			t.Errorf("%s: %v", name, got)
		}
	}
	many := "编号\n" + strings.Repeat("x\n", tabular.MostRows+1)
	for name, body := range map[string][]byte{
		"empty.csv": nil, "large.csv": make([]byte, tabular.MostBytes+1), "none.csv": []byte("编号,名称\n"), "twice.csv": []byte("编号,编号\n1,2\n"),
		"nameless.csv": []byte("编号,,名称\n1,2,3\n"), "wide.csv": []byte(strings.Repeat("a,", 3) + "b\n"), "bomb.xlsx": bomb(t), "no.xlsx": []byte("PK\x03\x04"),
		"columns.csv": []byte(header(60) + "\n1\n"),
	} {
		_, err := r.Upload(t.Context(), clerk, "files", name, body)
		if f := fault.Of(err); f == nil || f.Kind != fault.KindInvalid || f.Field != "file" {
			t.Errorf("%s: %v", name, err)
		}
	}
	s, err := r.Upload(t.Context(), clerk, "files", "many.csv", []byte(many))
	if err != nil {
		t.Fatal(err)
	}
	g, _ := s.Draft()
	g.Shape.Columns[0].Use = tabular.Key
	g.Shape.Columns = append(g.Shape.Columns, tabular.Column{Name: "c2", Label: "又", Kind: tabular.Text, Use: tabular.Answer})
	if _, err := r.Take(t.Context(), clerk, "files", g.Number, g.Shape); !fault.Is(err, fault.KindConflict) {
		t.Errorf("a shape of another table: %v", err)
	}
	if got := r.find("files", map[string]any{"c1": "A1"}); got["known"] != true {
		t.Error("a bad upload took the place of a good one")
	}
}

func header(n int) string {
	list := make([]string, n)
	for i := range list {
		list[i] = fmt.Sprint("h", i)
	}
	return strings.Join(list, ",")
}
