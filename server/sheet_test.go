package server_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"zhijian/ground/tabular"
	"zhijian/testkit/house"
	"zhijian/testkit/walk"
)

// readers is a service over a table that no programmer has seen: the clerk's columns, asked by the number of a card.
const readers = `
id: library-service
version: 1
name: {zh: 借书查询, en: Library loans}
about: {zh: 查读者证借了几本书、哪天到期。, en: See what a library card has on loan.}
sector: f01
group: culture
type: query
how: query
owner: library
fee: {zh: 不要钱, en: Free}
promise: {done: 2s, text: {zh: 马上知道, en: At once}}
basis: none
review_by: 2027-06-30
answers:
  card:
    type: text
    min: 4
    max: 12
    label: {zh: 读者证号, en: Card}
    ask: {zh: 读者证号是多少？, en: "What is the number of the card?"}
    why: {zh: 按证号查借书记录, en: Loans are kept by card}
steps:
  - form: [card]
    name: {zh: 证号, en: Card}
  - lookup: loan
    office: library
    call: rows.find
    with: {c1: card}
    gives: {known: bool, c2: int, c3: day, c4: money}
    down: [retry, notify]
    unknown: {zh: 没有这张读者证，请核对。, en: No such card. Please check.}
  - result: loans
    say: {zh: "借了 {loan.c2} 本", en: "{loan.c2} on loan"}
    show:
      - {label: {zh: 到期, en: Due}, text: {zh: "{day(loan.c3)}", en: "{day(loan.c3)}"}}
      - {label: {zh: 滞纳金, en: Fine}, value: loan.c4}
    good: true
tests:
  - name: the card is asked for
    as: L0
    expect: {view: form}
`

// withSheet opens a house whose Hangzhou offers that service from the table "library".
func withSheet(t *testing.T) *house.House {
	t.Helper()
	return house.OpenWith(t, "", readersOver(t, "sheet:library"))
}

// readersOver is a folder of a catalogue whose Hangzhou offers that service from a system.
func readersOver(t *testing.T, system string) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"services/library-service.yaml": readers,
		"cities/hangzhou.yaml": `
city: "330100"
demo: true
base: demo
name: {zh: 杭州, en: Hangzhou}
short: hz
offices:
  library: {system: "` + system + `", name: {zh: 市图书馆, en: City Library}}
services:
  library-service: {account: hzwh}
`,
	} {
		path := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

func loans(n, fine int) []byte {
	rows := [][]any{{"证号", "在借", "到期", "滞纳金"}}
	for i := range n {
		rows = append(rows, []any{fmt.Sprintf("HZ%05d", i), int64(1 + i%5), fmt.Sprintf("2026-06-%02d", 1+i%28), fmt.Sprintf("%d.50元", fine)})
	}
	rows[n][2] = "后天"
	b, err := tabular.XLSX([]tabular.Page{{Name: "读者", Rows: rows}})
	if err != nil {
		panic(err)
	}
	return b
}

// TestAClerksSheetAnswers: a clerk uploads ten thousand rows, four clicks later a resident asks and is answered; a new table takes over and the
// former one comes back.
func TestAClerksSheetAnswers(t *testing.T) {
	t.Parallel()
	h := withSheet(t)
	clerk := visitor(t, h)
	clerk.staffIn("traffic-police")
	from := time.Now()
	clerk.open("/console/sheets")
	clerk.attach(map[string]string{"name": "读者借书", "slug": "library"}, walk.File{Field: "file", Name: "读者.xlsx", Body: loans(10_000, 1)})
	clerk.status(http.StatusOK)
	clerk.reads("请核对各列", "证号", "HZ00000", "滞纳金")
	clerk.send("/take", nil)
	clerk.status(http.StatusOK)
	clerk.reads("收下 9,999 行，没有收 1 行", "10001", "到期", "日期请写成年、月、日")
	href := "/console/sheets/library/refused/1"
	clerk.send("/answer", nil)
	clerk.reads("现在用的", "rows.find")
	resident := visitor(t, h)
	ask := func(card string) {
		t.Helper()
		resident.start("library-service")
		resident.submit(map[string]string{"card": card})
	}
	ask("hz00041")
	resident.ends("借了 2 本", "2026年6月14日", "¥1.50", "更新")
	t.Logf("first answer %v after the upload was opened", time.Since(from))
	ask("HZ10041")
	resident.ends("没有这张读者证")

	clerk.get(href)
	clerk.status(http.StatusOK)
	clerk.open("/console/sheets/library")
	if err := clerk.Attach(t.Context(), "/upload", nil, walk.File{Field: "file", Name: "新.xlsx", Body: loans(50, 2)}); err != nil {
		t.Fatal(err)
	}
	clerk.reads("请核对各列")
	ask("HZ00041")
	resident.ends("¥1.50")
	clerk.send("/take", nil)
	clerk.send("/answer", nil)
	ask("HZ00041")
	resident.ends("¥2.50")
	clerk.send("/answer", nil) // the only button left is that of the former one
	ask("HZ00041")
	resident.ends("¥1.50")
}

func TestSheetsBelongToADepartment(t *testing.T) {
	t.Parallel()
	h := house.Open(t, "")
	clerk := visitor(t, h)
	clerk.staffIn("traffic-police")
	clerk.open("/console/sheets")
	table := walk.File{Field: "file", Name: "a.csv", Body: []byte("编号,说明\nA1,=1+1\nA1,又\n")}
	clerk.attach(map[string]string{"name": "x", "slug": "../x"}, table)
	clerk.status(http.StatusUnprocessableEntity)
	clerk.reads("代号用小写字母", "请给表格起名")
	clerk.attach(map[string]string{"name": "拖走的车", "slug": "towed"}, walk.File{Field: "file", Name: "a.xlsx", Body: []byte("PK")})
	clerk.status(http.StatusUnprocessableEntity)
	clerk.reads("表格文件读不出来")
	clerk.attach(map[string]string{"name": "拖走的车", "slug": "towed"}, table)
	clerk.status(http.StatusOK)
	clerk.send("/take", map[string]string{"use_c1": "answer", "use_c2": "answer"})
	clerk.status(http.StatusUnprocessableEntity)
	clerk.reads("请选一列用来查")
	clerk.send("/take", map[string]string{"use_c1": "key", "use_c2": "answer", "as": "one"})
	clerk.reads("没有收 1 行", "和第 2 行重复")

	other := visitor(t, h)
	other.staffIn("power")
	for _, path := range []string{"/console/sheets/towed", "/console/sheets/towed/refused/1"} {
		other.get(path)
		other.status(http.StatusNotFound)
	}
	other.open("/console/sheets")
	other.lacks("拖走的车")
	stranger := visitor(t, h)
	stranger.get("/console/sheets/towed")
	stranger.reads("工作人员登录")
	operator := visitor(t, h)
	operator.staffIn("operator")
	operator.open("/console/sheets")
	operator.reads("拖走的车", "属于哪个部门")
}
