package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"zhijian/domain/observatory"
	"zhijian/domain/observatory/public"
	"zhijian/door"
	"zhijian/ground/fault"
)

// Editions shows the editions of the observatory.
type Editions interface {
	// Editions lists them, the newest last.
	Editions(ctx context.Context) ([]public.Edition, error)
	// Exhibits gives those of an edition as the public may see them; fault.NotFound when there is none.
	Exhibits(ctx context.Context, edition string) ([]observatory.Exhibit, error)
	// Key gives the key that signs them; fault.NotFound when none was signed yet.
	Key(ctx context.Context) (public.Key, error)
}

// Sentence is a sentence in both languages.
type Sentence struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

// ExhibitLine is an exhibit in a list.
type ExhibitLine struct {
	ID       string   `json:"id" example:"table-1"`
	Title    Sentence `json:"title"`
	Question Sentence `json:"question"`
	Rows     int      `json:"rows"`
	Warnings int      `json:"warnings" doc:"How many doubts are printed beside it"`
}

// Exhibit is a table with what is needed to judge it.
type Exhibit struct {
	Edition   string    `json:"edition" example:"2015"`
	Simulated bool      `json:"simulated" doc:"Every figure is simulated and must be shown so"`
	Label     string    `json:"label,omitempty" doc:"模拟数据 when it is"`
	ID        string    `json:"id" example:"table-1"`
	Title     Sentence  `json:"title"`
	Question  Sentence  `json:"question"`
	Base      Sentence  `json:"base" doc:"What the shares are shares of"`
	N         int64     `json:"n" doc:"How many units were counted"`
	Method    Sentence  `json:"method"`
	Columns   []Column  `json:"columns"`
	Rows      [][]any   `json:"rows" doc:"One value a column: a number, a text, or null where a figure does not exist or is not published"`
	Warnings  []Warning `json:"warnings"`
}

// Column is one column of an exhibit.
type Column struct {
	ID    string   `json:"id" example:"accounts"`
	Title Sentence `json:"title"`
	Kind  string   `json:"kind" enum:"code,text,count,number,percent,rank,places,flag,ratio"`
	Unit  string   `json:"unit,omitempty" example:"accounts"`
}

// Warning is a doubt about an exhibit.
type Warning struct {
	ID    string   `json:"id" example:"DQ-12"`
	Level string   `json:"level" enum:"E,A,N" doc:"E a contradiction, A an ambiguity, N a note"`
	Text  Sentence `json:"text"`
}

func (a *API) observatory() {
	tags := []string{"observatory"}
	add(a, door.Public, huma.Operation{OperationID: "editions", Method: http.MethodGet, Path: "/api/v1/observatory/editions", Summary: "Editions of the observatory, the newest last", Tags: tags},
		func(ctx context.Context, _ *door.Request, _ *struct{}) (*struct{ Body []public.Edition }, error) {
			list, err := a.c.Editions.Editions(ctx)
			if list == nil {
				list = []public.Edition{}
			}
			return &struct{ Body []public.Edition }{list}, err
		})
	add(a, door.Public, huma.Operation{OperationID: "editions-key", Method: http.MethodGet, Path: "/api/v1/observatory/key", Summary: "The key that signs editions", Tags: tags},
		func(ctx context.Context, _ *door.Request, _ *struct{}) (*struct{ Body public.Key }, error) {
			key, err := a.c.Editions.Key(ctx)
			return &struct{ Body public.Key }{key}, err
		})
	add(a, door.Public, huma.Operation{OperationID: "exhibits", Method: http.MethodGet, Path: "/api/v1/observatory/editions/{edition}/exhibits", Summary: "Exhibits of an edition", Tags: tags},
		func(ctx context.Context, _ *door.Request, in *struct {
			Edition string `path:"edition" maxLength:"64"`
		},
		) (*struct{ Body []ExhibitLine }, error) {
			_, list, err := a.edition(ctx, in.Edition)
			if err != nil {
				return nil, err
			}
			out := &struct{ Body []ExhibitLine }{Body: []ExhibitLine{}}
			for i := range list {
				x := &list[i]
				out.Body = append(out.Body, ExhibitLine{ID: x.ID, Title: Sentence(x.Title), Question: Sentence(x.Question), Rows: len(x.Rows), Warnings: len(x.Warnings)})
			}
			return out, nil
		})
	add(a, door.Public, huma.Operation{OperationID: "exhibit", Method: http.MethodGet, Path: "/api/v1/observatory/editions/{edition}/exhibits/{id}", Summary: "One exhibit: question, base, method, table and warnings", Tags: tags},
		func(ctx context.Context, _ *door.Request, in *struct {
			Edition string `path:"edition" maxLength:"64"`
			ID      string `path:"id" maxLength:"64"`
		},
		) (*struct{ Body Exhibit }, error) {
			e, list, err := a.edition(ctx, in.Edition)
			if err != nil {
				return nil, err
			}
			for i := range list {
				if list[i].ID == in.ID {
					return &struct{ Body Exhibit }{exhibited(e, &list[i])}, nil
				}
			}
			return nil, fault.NotFound("edition.exhibit", "这一版没有图表 %s", in.ID)
		})
}

// edition finds an edition and its exhibits.
func (a *API) edition(ctx context.Context, name string) (public.Edition, []observatory.Exhibit, error) {
	all, err := a.c.Editions.Editions(ctx)
	if err != nil {
		return public.Edition{}, nil, err
	}
	for _, e := range all {
		if e.Name == name {
			list, err := a.c.Editions.Exhibits(ctx, name)
			return e, list, err
		}
	}
	return public.Edition{}, nil, fault.NotFound("edition.none", "没有名为 %s 的版次", name)
}

func exhibited(e public.Edition, x *observatory.Exhibit) Exhibit {
	out := Exhibit{
		Edition: e.Name, Simulated: e.Simulated, Label: e.Label().Zh, ID: x.ID, Title: Sentence(x.Title), Question: Sentence(x.Question),
		Base: Sentence(x.Base), N: x.N, Method: Sentence(x.Method), Columns: []Column{}, Rows: [][]any{}, Warnings: []Warning{},
	}
	for _, c := range x.Columns {
		out.Columns = append(out.Columns, Column{ID: c.ID, Title: Sentence(c.Title), Kind: string(c.Kind), Unit: c.Unit})
	}
	for _, r := range x.Rows {
		row := make([]any, len(r))
		for i, c := range r {
			if n, ok := c.Number(); ok {
				row[i] = n
			} else if s := c.String(); s != "" {
				row[i] = s
			}
		}
		out.Rows = append(out.Rows, row)
	}
	for _, w := range x.Warnings {
		out.Warnings = append(out.Warnings, Warning{ID: w.ID, Level: string(w.Level), Text: Sentence(w.Text)})
	}
	return out
}
