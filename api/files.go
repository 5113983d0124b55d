package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"zhijian/domain/service"
	"zhijian/door"
)

// fileBytes is the most that one upload may bring: the largest file that any service takes, and some.
const fileBytes = 11 << 20

type fileBody struct{ Body File }

// fileAnswer is a file's contents with the headers that keep a browser from taking them for something else.
type fileAnswer struct {
	ContentType string `header:"Content-Type"`
	Disposition string `header:"Content-Disposition"`
	Policy      string `header:"Content-Security-Policy"`
	Body        []byte
}

// files are the verbs of photos and documents.
func (a *API) files() {
	add(a, door.ResidentAt(1), huma.Operation{
		OperationID: "upload", Method: http.MethodPost, Path: "/api/v1/cases/{no}/steps/{step}/files", Tags: []string{"cases"}, DefaultStatus: http.StatusCreated,
		Summary:      "Upload a photo or document for an answer; its id is then a value of the answer. One that no answer names is deleted after a day",
		MaxBodyBytes: fileBytes, BodyReadTimeout: time.Minute,
	},
		func(ctx context.Context, r *door.Request, in *struct {
			No
			Step    string `path:"step" maxLength:"64"`
			Answer  string `query:"answer" required:"true" maxLength:"64" doc:"Name of the field, of type file"`
			Name    string `query:"name" maxLength:"255" doc:"What its owner calls the file"`
			RawBody []byte `contentType:"application/octet-stream"`
		},
		) (*fileBody, error) {
			f, err := a.c.Cases.Upload(ctx, a.who(r), in.No.No, in.Step, in.Answer, in.Name, in.RawBody)
			if err != nil {
				return nil, err
			}
			return &fileBody{fileOf(f.File)}, nil
		})
	type one struct {
		No
		ID string `path:"id" maxLength:"32" doc:"Of the file"`
	}
	add(a, door.ResidentAt(1), huma.Operation{
		OperationID: "file", Method: http.MethodGet, Path: "/api/v1/cases/{no}/files/{id}", Summary: "What a file of the resident's case holds", Tags: []string{"cases"},
	},
		func(ctx context.Context, r *door.Request, in *one) (*fileAnswer, error) {
			f, body, err := a.c.Cases.Download(ctx, a.who(r), in.No.No, in.ID)
			if err != nil {
				return nil, err
			}
			h := door.FileHeaders(f.Name, f.Kind)
			return &fileAnswer{ContentType: h["Content-Type"], Disposition: h["Content-Disposition"], Policy: h["Content-Security-Policy"], Body: body}, nil
		})
	add(a, door.ResidentAt(1), huma.Operation{
		OperationID: "discard", Method: http.MethodDelete, Path: "/api/v1/cases/{no}/files/{id}", Tags: []string{"cases"}, DefaultStatus: http.StatusNoContent,
		Summary: "Delete a file while its step can be answered; the case goes back to that step",
	},
		func(ctx context.Context, r *door.Request, in *one) (*struct{}, error) {
			return nil, a.c.Cases.Discard(ctx, a.who(r), in.No.No, in.ID)
		})
}

func fileOf(f service.File) File {
	return File{ID: f.ID, Answer: f.Answer, Name: f.Name, Type: f.Kind.MediaType(), Size: f.Size, SHA256: f.SHA256}
}

func filesOf(list []service.File) []File {
	var out []File
	for _, f := range list {
		out = append(out, fileOf(f))
	}
	return out
}
