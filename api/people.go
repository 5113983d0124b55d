package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"zhijian/domain/identity"
	"zhijian/door"
	"zhijian/ground/cursor"
	"zhijian/ground/format"
	"zhijian/ground/uid"
)

// Me is the signed-in resident, masked as on their own pages.
type Me struct {
	Level         int    `json:"level" doc:"0 to 4"`
	Phone         string `json:"phone"`
	Name          string `json:"name,omitempty"`
	CitizenNumber string `json:"citizen_number,omitempty"`
	Unread        int    `json:"unread"`
}

// Note is a message of an official account.
type Note struct {
	ID    int64      `json:"id"`
	Title string     `json:"title" doc:"Wording key"`
	Text  string     `json:"text,omitempty"`
	Rows  [][]string `json:"rows,omitempty" doc:"Label and value"`
	Link  string     `json:"link,omitempty"`
	At    time.Time  `json:"at"`
	Read  bool       `json:"read"`
}

// CodeWish asks for a code.
type CodeWish struct {
	Phone string `json:"phone" maxLength:"32"`
}

// Challenge says to what a code is bound.
type Challenge struct {
	Challenge string `json:"challenge" doc:"Send it with the code: the code is worth nothing without it. Keep it to yourself."`
}

// Login is what signs a program in.
type Login struct {
	Phone     string `json:"phone" maxLength:"32"`
	Code      string `json:"code" maxLength:"16"`
	Challenge string `json:"challenge" maxLength:"64" doc:"What POST /api/v1/login/code answered when this code was asked for"`
}

// Token opens the rest of the API.
type Token struct {
	Token string `json:"token" doc:"Send as Authorization: Bearer. 30 days after the last use it ends."`
	Level int    `json:"level"`
}

// asking is a program that signs in; its challenge stands for the browser that it has not.
func asking(r *door.Request, challenge string) identity.Caller {
	return identity.Caller{Client: r.ClientBlock(), Browser: challenge, Device: "API"}
}

func (a *API) people() {
	a.kin()
	a.garage()
	add(a, door.Public, huma.Operation{OperationID: "send-code", Method: http.MethodPost, Path: "/api/v1/login/code", Summary: "Send a one-time code to a phone", Tags: []string{"login"}},
		func(ctx context.Context, r *door.Request, in *struct{ Body CodeWish }) (*struct{ Body Challenge }, error) {
			out := &struct{ Body Challenge }{Body: Challenge{Challenge: uid.Secret(20)}}
			return out, a.c.Identity.SendCode(ctx, r.Actor, in.Body.Phone, asking(r, out.Body.Challenge))
		})
	add(a, door.Public, huma.Operation{OperationID: "login", Method: http.MethodPost, Path: "/api/v1/login", Summary: "Trade phone, code and challenge for a token", Tags: []string{"login"}},
		func(ctx context.Context, r *door.Request, in *struct{ Body Login }) (*struct{ Body Token }, error) {
			token, res, err := a.c.Identity.SignIn(ctx, r.Actor, in.Body.Phone, in.Body.Code, asking(r, in.Body.Challenge))
			if err != nil {
				return nil, err
			}
			return &struct{ Body Token }{Body: Token{Token: token, Level: res.Level}}, nil
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "logout", Method: http.MethodPost, Path: "/api/v1/logout", Summary: "End the session of the token", Tags: []string{"me"}, DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, r *door.Request, _ *struct{}) (*struct{}, error) {
			return nil, a.c.Identity.SignOut(ctx, r.Actor)
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "me", Method: http.MethodGet, Path: "/api/v1/me", Summary: "The signed-in resident", Tags: []string{"me"}},
		func(ctx context.Context, r *door.Request, _ *struct{}) (*struct{ Body Me }, error) {
			unread, err := a.c.Message.Unread(ctx, r.Actor)
			if err != nil {
				return nil, err
			}
			return &struct{ Body Me }{Body: Me{
				Level: r.Resident.Level, Unread: unread, Phone: format.Mask(format.FieldPhone, format.Own, r.Resident.Phone.Reveal()),
				Name:          format.Mask(format.FieldName, format.Own, r.Resident.Name.Reveal()),
				CitizenNumber: format.Mask(format.FieldCitizenNumber, format.Own, r.Resident.CitizenNumber.Reveal()),
			}}, nil
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "messages", Method: http.MethodGet, Path: "/api/v1/messages", Summary: "Messages, newest first", Tags: []string{"me"}},
		func(ctx context.Context, r *door.Request, in *Page) (*struct{ Body []Note }, error) {
			after, err := cursor.Parse(in.After)
			if err != nil {
				return nil, err
			}
			notes, err := a.c.Message.List(ctx, r.Actor, 0, after, in.Limit)
			if err != nil {
				return nil, err
			}
			out := &struct{ Body []Note }{Body: []Note{}}
			for _, n := range notes {
				note := Note{ID: n.ID, Title: n.Title, Text: n.Text.Reveal(), Link: n.Link, At: n.At, Read: !n.Read.IsZero()}
				for _, row := range n.Rows {
					note.Rows = append(note.Rows, []string{row.Label, row.Value})
				}
				out.Body = append(out.Body, note)
			}
			return out, nil
		})
}

// Person is somebody a resident saved for forms, masked.
type Person struct {
	ID            string `json:"id" doc:"What a question of type person takes"`
	Relation      string `json:"relation" doc:"child, parent, spouse or other"`
	Name          string `json:"name"`
	CitizenNumber string `json:"citizen_number"`
	ActsFor       bool   `json:"acts_for,omitempty" doc:"The household register confirmed a child: one may act for it"`
}

// NewPerson is somebody to be saved.
type NewPerson struct {
	Relation      string `json:"relation" enum:"child,parent,spouse,other"`
	Name          string `json:"name" maxLength:"100"`
	CitizenNumber string `json:"citizen_number" maxLength:"30"`
	Consent       bool   `json:"consent" doc:"The person knows and agrees; of a child under 14 one is the guardian"`
}

func (a *API) personOf(p identity.Person) Person {
	return Person{
		ID: strconv.FormatInt(p.ID, 10), Relation: string(p.Relation), Name: format.Mask(format.FieldName, format.Staff, p.Name.Reveal()),
		CitizenNumber: format.Mask(format.FieldCitizenNumber, format.Own, p.CitizenNumber.Reveal()), ActsFor: p.MayActFor(a.c.Clock.Now()),
	}
}

// Mandate is the right of one resident to act for another.
type Mandate struct {
	ID       string    `json:"id"`
	Acting   bool      `json:"acting" doc:"true: one acts for the other; false: the other acts, or asks to"`
	Other    string    `json:"other" doc:"Masked"`
	State    string    `json:"state" doc:"asked, active, refused or ended"`
	Services []string  `json:"services,omitempty" doc:"None means all"`
	Until    time.Time `json:"until"`
}

// Vehicle is one that can be picked in forms.
type Vehicle struct {
	Plate  string `json:"plate" doc:"Whole: it is the resident's own list"`
	Proven bool   `json:"proven" doc:"Theirs by proof; one that was only saved may be anybody's"`
}

// Plate is a plate number, as it is typed.
type Plate struct {
	Plate string `json:"plate" maxLength:"20"`
}

// garage are the vehicles one picks in forms. A plate stands in bodies only, never in an address.
func (a *API) garage() {
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "vehicles", Method: http.MethodGet, Path: "/api/v1/me/vehicles", Summary: "Vehicles to pick in forms: those proven, then those saved", Tags: []string{"me"}},
		func(_ context.Context, r *door.Request, _ *struct{}) (*struct{ Body []Vehicle }, error) {
			out := &struct{ Body []Vehicle }{Body: []Vehicle{}}
			for _, v := range r.Resident.Garage() {
				out.Body = append(out.Body, Vehicle{Plate: v.Plate.Reveal(), Proven: v.Proven})
			}
			return out, nil
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "save-vehicle", Method: http.MethodPost, Path: "/api/v1/me/vehicles", Summary: "Save a vehicle for forms; nothing is proven by it", Tags: []string{"me"}, DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, r *door.Request, in *struct{ Body Plate }) (*struct{}, error) {
			return nil, a.c.Identity.SaveVehicle(ctx, r.Actor, in.Body.Plate)
		})
	add(a, door.ResidentAt(1), huma.Operation{OperationID: "drop-vehicle", Method: http.MethodPost, Path: "/api/v1/me/vehicles/drop", Summary: "Forget a vehicle that was saved; one that is not there stays so", Tags: []string{"me"}, DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, r *door.Request, in *struct{ Body Plate }) (*struct{}, error) {
			return nil, a.c.Identity.DropVehicle(ctx, r.Actor, in.Body.Plate)
		})
}

// kin are the people one saved and the mandates one stands in. To accept a mandate wants presence proven anew, which is a page.
func (a *API) kin() {
	add(a, door.ResidentAt(2), huma.Operation{OperationID: "people", Method: http.MethodGet, Path: "/api/v1/me/people", Summary: "People saved for forms", Tags: []string{"me"}},
		func(ctx context.Context, r *door.Request, _ *struct{}) (*struct{ Body []Person }, error) {
			list, err := a.c.Identity.People(ctx, r.Actor)
			if err != nil {
				return nil, err
			}
			out := &struct{ Body []Person }{Body: []Person{}}
			for _, p := range list {
				out.Body = append(out.Body, a.personOf(p))
			}
			return out, nil
		})
	add(a, door.ResidentAt(2), huma.Operation{OperationID: "save-person", Method: http.MethodPost, Path: "/api/v1/me/people", Summary: "Save somebody for forms", Tags: []string{"me"}, DefaultStatus: http.StatusCreated},
		func(ctx context.Context, r *door.Request, in *struct{ Body NewPerson }) (*struct{ Body Person }, error) {
			p, err := a.c.Identity.SavePerson(ctx, r.Actor, identity.NewPerson{
				Name: in.Body.Name, CitizenNumber: in.Body.CitizenNumber, Relation: identity.Relation(in.Body.Relation), Consent: in.Body.Consent,
			})
			if err != nil {
				return nil, err
			}
			return &struct{ Body Person }{Body: a.personOf(p)}, nil
		})
	add(a, door.ResidentAt(2), huma.Operation{OperationID: "drop-person", Method: http.MethodDelete, Path: "/api/v1/me/people/{id}", Summary: "Forget somebody; who is not there stays so", Tags: []string{"me"}, DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, r *door.Request, in *struct {
			ID int64 `path:"id"`
		},
		) (*struct{}, error) {
			return nil, a.c.Identity.DropPerson(ctx, r.Actor, in.ID)
		})
	add(a, door.ResidentAt(2), huma.Operation{OperationID: "mandates", Method: http.MethodGet, Path: "/api/v1/me/mandates", Summary: "Mandates to act for others, and those that others have or ask for", Tags: []string{"me"}},
		func(ctx context.Context, r *door.Request, _ *struct{}) (*struct{ Body []Mandate }, error) {
			mine, given, err := a.c.Identity.Mandates(ctx, r.Actor)
			if err != nil {
				return nil, err
			}
			out := &struct{ Body []Mandate }{Body: []Mandate{}}
			for i, m := range append(mine, given...) {
				out.Body = append(out.Body, Mandate{
					ID: strconv.FormatInt(m.ID, 10), Acting: i < len(mine), Other: format.Mask(format.FieldName, format.Staff, m.Other.Reveal()), State: string(m.State), Services: m.Services, Until: m.Until,
				})
			}
			return out, nil
		})
	add(a, door.ResidentAt(2), huma.Operation{OperationID: "end-mandate", Method: http.MethodPost, Path: "/api/v1/me/mandates/{id}/end", Summary: "Take a mandate back, from either side", Tags: []string{"me"}, DefaultStatus: http.StatusNoContent},
		func(ctx context.Context, r *door.Request, in *struct {
			ID int64 `path:"id"`
		},
		) (*struct{}, error) {
			return nil, a.c.Identity.EndMandate(ctx, r.Actor, in.ID)
		})
}

// Page asks for a part of a list.
type Page struct {
	After string `query:"after" maxLength:"64" doc:"The cursor that the list before ended with"`
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
}
