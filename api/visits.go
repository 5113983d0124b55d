package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/klauspost/compress/gzip"

	"zhijian/door"
	"zhijian/ground/fault"
)

// Visits takes visits that programs of others post.
type Visits interface {
	// Holder gives who holds a key; fault.Denied when nobody does, or when the door is closed.
	Holder(key string) (string, error)
	// Take counts the lines of body and returns when all are on disk. What was taken before an error stays counted, and the error says
	// how much that is.
	Take(ctx context.Context, d Delivery, body io.Reader) (Receipt, error)
}

// Delivery is one posting of visits.
type Delivery struct {
	Holder string
	// Key makes repeating safe: the same key of the same holder with the same body is counted once. Empty for none.
	Key string
	// Strict refuses the whole posting for one bad line.
	Strict bool
}

// Receipt says what became of a posting.
type Receipt struct {
	Lines     uint64    `json:"lines" doc:"Lines read, empty ones included"`
	Accepted  uint64    `json:"accepted" doc:"Visits on disk"`
	Refused   uint64    `json:"refused" doc:"Lines that are no visits"`
	Simulated uint64    `json:"simulated,omitempty" doc:"Visits of them that say that they are made up (模拟数据)"`
	Repeated  bool      `json:"repeated,omitempty" doc:"All of it was counted before under this Idempotency-Key"`
	Refusals  []Refusal `json:"refusals,omitempty" doc:"The first lines that were refused, 20 at most"`
}

// Refusal is a line that was not taken.
type Refusal struct {
	Line uint64 `json:"line" doc:"From 1"`
	Why  string `json:"why" example:"\"account\" is missing"`
}

const (
	visitsPath  = "/api/v1/observatory/visits"
	visitsBody  = 1 << 30 // as sent
	visitsPlain = 1 << 30 // unpacked
	visitsTime  = 10 * time.Minute
	// A gzip stream of visits is a tenth of what it unpacks to, or a fiftieth when they are much alike. What claims more is a bomb.
	mostRatio    = 200
	ratioFrom    = 4 << 20 // unpacked bytes before which the ratio says nothing
	longestIdemp = 64
)

// visits adds the route by hand: huma would read the body before it was known whose it is.
func (a *API) visits() {
	op := &huma.Operation{
		OperationID: "post-visits", Method: http.MethodPost, Path: visitsPath, Tags: []string{"observatory"},
		Summary:     "Count visits, one JSON object a line",
		Description: "For programs with a key of the platform. The lines are described in docs/visit-log.md; they may come as Content-Encoding: gzip. The answer comes when all visits are on disk. A line that is none is refused by its number and the others are counted.",
		Security:    []map[string][]string{{"visits": {}}},
		Parameters: []*huma.Param{
			{Name: "Idempotency-Key", In: "header", Description: "The same key with the same body is counted once, however often it is sent; with another body it is refused with 422. Remembered for 30 days.", Schema: &huma.Schema{Type: huma.TypeString, MaxLength: new(longestIdemp)}},
			{Name: "strict", In: "query", Description: "1: one bad line refuses all, and there may be 65,536 visits at most.", Schema: &huma.Schema{Type: huma.TypeString, Enum: []any{"1"}}},
		},
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/x-ndjson": {Schema: &huma.Schema{Type: huma.TypeString}}}},
		Responses: map[string]*huma.Response{"200": {Description: "OK", Content: map[string]*huma.MediaType{
			"application/json": {Schema: a.huma.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[Receipt](), true, "Receipt")},
		}}},
	}
	a.huma.OpenAPI().AddOperation(op)
	a.huma.OpenAPI().Components.SecuritySchemes["visits"] = &huma.SecurityScheme{Type: "http", Scheme: "bearer", Description: "A key that the platform gave for posting visits."}
	a.routes = append(a.routes, door.Route{
		Method: http.MethodPost, Path: visitsPath, About: op.Summary, Access: door.KeyHolder, Takes: door.TakesStream,
		Limit: door.Limit{Class: door.Machine, Body: visitsBody, Time: visitsTime}, Handler: a.postVisits,
	})
}

// postVisits knows the sender before it reads a byte of the body.
func (a *API) postVisits(w http.ResponseWriter, r *door.Request) error {
	key, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		key = ""
	}
	holder, err := a.c.Visits.Holder(key)
	if err != nil {
		return err
	}
	d := Delivery{Holder: holder, Key: r.Header.Get("Idempotency-Key"), Strict: r.Query("strict") == "1"}
	if len(d.Key) > longestIdemp {
		return fault.Invalid("visits.idempotency", "Idempotency-Key 最长 %d 个字符，请缩短", longestIdemp)
	}
	body, err := unpacked(r)
	if err != nil {
		return err
	}
	receipt, err := a.c.Visits.Take(r.Context(), d, body)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	return json.NewEncoder(w).Encode(receipt)
}

// unpacked gives the body as lines, within its bounds.
func unpacked(r *door.Request) (io.Reader, error) {
	switch encoding := strings.ToLower(r.Header.Get("Content-Encoding")); encoding {
	case "", "identity":
		return r.Body, nil
	case "gzip":
	default:
		return nil, fault.Invalid("visits.encoding", "请用不压缩或 gzip 压缩的方式发送，别的方式不接受")
	}
	sent := &counted{in: r.Body}
	z, err := gzip.NewReader(sent)
	if err != nil {
		return nil, fault.Invalid("visits.gzip", "压缩的内容已经损坏，请重新发送").Because(err)
	}
	return &bounded{in: z, sent: sent}, nil
}

// counted counts what was read.
type counted struct {
	in io.Reader
	n  int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.in.Read(p)
	c.n += int64(n)
	return n, err
}

// errBomb says that a stream unpacks to more than visits do.
var errBomb = errors.New("it unpacks to more than is taken")

// bounded ends a stream that unpacks to too much, in all or for what was sent of it.
type bounded struct {
	in   io.Reader
	sent *counted
	n    int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.in.Read(p)
	b.n += int64(n)
	if b.n > visitsPlain || b.n > ratioFrom && b.n > mostRatio*b.sent.n {
		return n, errBomb
	}
	return n, err
}
