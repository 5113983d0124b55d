package observatory

import "fmt"

// design is one exhibit as its file describes it.
type design struct {
	id       string
	title    Text
	question Text
	base     Text
	method   Text
	columns  []Column
	chart    Chart
	doubts   []string // ids of warnings that the survey may have found and that touch this exhibit
	fill     func(s *survey, e *Exhibit)
}

func (d design) compute(s *survey) Exhibit {
	e := Exhibit{
		ID: d.id, Title: d.title, Question: d.question, Base: d.base, Method: d.method,
		Columns: d.columns, Chart: d.chart, Rows: [][]Cell{}, Warnings: []Warning{},
	}
	d.fill(s, &e)
	for _, id := range d.doubts {
		e.Warnings = append(e.Warnings, s.doubts[id]...)
	}
	if e.N == 0 {
		e.N = int64(len(e.Rows))
	}
	return e
}

// add puts one row at the end.
func (e *Exhibit) add(cells ...Cell) {
	if len(cells) != len(e.Columns) {
		panic(fmt.Sprintf("%s: a row of %d cells under %d columns", e.ID, len(cells), len(e.Columns)))
	}
	e.Rows = append(e.Rows, cells)
}

func (e *Exhibit) warn(id string, level WarningLevel, zh, en string) {
	e.Warnings = append(e.Warnings, Warning{id, level, Text{zh, en}})
}

func code(id, zh, en string) Column        { return Column{id, Text{zh, en}, Code, ""} }
func words(id, zh, en string) Column       { return Column{id, Text{zh, en}, Words, ""} }
func count(id, zh, en, unit string) Column { return Column{id, Text{zh, en}, Count, unit} }
func share(id, zh, en string) Column       { return Column{id, Text{zh, en}, Share, "%"} }
func place(id, zh, en string) Column       { return Column{id, Text{zh, en}, Rank, ""} }
func steps(id, zh, en string) Column       { return Column{id, Text{zh, en}, Steps, ""} }
func flag(id, zh, en string) Column        { return Column{id, Text{zh, en}, YesNo, ""} }
func number(id, zh, en, unit string) Column {
	return Column{id, Text{zh, en}, Number, unit}
}

func ratio(id, zh, en string) Column { return Column{id, Text{zh, en}, Magnitude, ""} }

// Columns that many exhibits have.
var (
	colCode     = code("code", "代码", "Code")
	colName     = words("name", "名称", "Name")
	colNameEn   = words("name_en", "英文名", "Name in English")
	colAccounts = count("accounts", "账号数", "Accounts", "accounts")
	colActive   = count("active", "活跃用户", "Active users", "users")
	colMean     = number("mean", "号均活跃用户", "Active users per account", "users/account")
	colRank     = place("rank", "账号数名次", "Rank by accounts")
)

// orNone gives nothing for a rank of 0.
func orNone(rank int) Cell {
	if rank == 0 {
		return None
	}
	return Int(rank)
}

// perAccount is users per account; None without accounts.
func (t *tally) perAccount() Cell {
	if t.accounts == 0 {
		return None
	}
	return Num(t.mean())
}
