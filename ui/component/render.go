package component

import (
	"context"
	"io"

	"github.com/a-h/templ"
)

// Render writes the component; it makes AccountHeader a templ.Component.
func (p AccountHeader) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Verified a templ.Component.
func (p Verified) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes ChatTime a templ.Component.
func (p ChatTime) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Chat a templ.Component.
func (p Chat) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes MessageCard a templ.Component.
func (p MessageCard) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes MessageBody a templ.Component.
func (p MessageBody) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes QuickReplies a templ.Component.
func (p QuickReplies) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes ChatInput a templ.Component.
func (p ChatInput) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes TemplateCard a templ.Component.
func (p TemplateCard) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes AccountMenu a templ.Component.
func (p AccountMenu) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Button a templ.Component.
func (p Button) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Buttons a templ.Component.
func (p Buttons) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes ButtonRow a templ.Component.
func (p ButtonRow) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Details a templ.Component.
func (p Details) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes PostButton a templ.Component.
func (p PostButton) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Days a templ.Component.
func (p Days) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Slots a templ.Component.
func (p Slots) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes SlotCard a templ.Component.
func (p SlotCard) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes DeskHead a templ.Component.
func (p DeskHead) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes DeskButton a templ.Component.
func (p DeskButton) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes DeskPost a templ.Component.
func (p DeskPost) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes TodoTile a templ.Component.
func (p TodoTile) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Tiles a templ.Component.
func (p Tiles) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Panel a templ.Component.
func (p Panel) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Table a templ.Component.
func (p Table) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes QueueTabs a templ.Component.
func (p QueueTabs) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Due a templ.Component.
func (p Due) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Filter a templ.Component.
func (p Filter) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes DeskInput a templ.Component.
func (p DeskInput) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes DeskChoices a templ.Component.
func (p DeskChoices) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Drawer a templ.Component.
func (p Drawer) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes KeyValues a templ.Component.
func (p KeyValues) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Split a templ.Component.
func (p Split) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Form a templ.Component.
func (p Form) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes StepMarker a templ.Component.
func (p StepMarker) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Question a templ.Component.
func (p Question) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Input a templ.Component.
func (p Input) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes TextArea a templ.Component.
func (p TextArea) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes DateInput a templ.Component.
func (p DateInput) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Select a templ.Component.
func (p Select) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Choices a templ.Component.
func (p Choices) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Checkbox a templ.Component.
func (p Checkbox) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Consent a templ.Component.
func (p Consent) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes OTP a templ.Component.
func (p OTP) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Upload a templ.Component.
func (p Upload) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes ErrorSummary a templ.Component.
func (p ErrorSummary) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Place a templ.Component.
func (p Place) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Hero a templ.Component.
func (p Hero) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Nav a templ.Component.
func (p Nav) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes NavSearch a templ.Component.
func (p NavSearch) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes TabBar a templ.Component.
func (p TabBar) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Main a templ.Component.
func (p Main) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes ActionBar a templ.Component.
func (p ActionBar) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Section a templ.Component.
func (p Section) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Card a templ.Component.
func (p Card) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes SearchBox a templ.Component.
func (p SearchBox) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Chips a templ.Component.
func (p Chips) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Tabs a templ.Component.
func (p Tabs) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Rail a templ.Component.
func (p Rail) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Head a templ.Component.
func (p Head) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Logo a templ.Component.
func (p Logo) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Ripple a templ.Component.
func (p Ripple) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Dot a templ.Component.
func (p Dot) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Avatar a templ.Component.
func (p Avatar) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Money a templ.Component.
func (p Money) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Plate a templ.Component.
func (p Plate) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Tag a templ.Component.
func (p Tag) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Badge a templ.Component.
func (p Badge) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Mark a templ.Component.
func (p Mark) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Moment a templ.Component.
func (p Moment) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes FieldGrid a templ.Component.
func (p FieldGrid) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes List a templ.Component.
func (p List) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Item a templ.Component.
func (p Item) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes TodoCard a templ.Component.
func (p TodoCard) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Pager a templ.Component.
func (p Pager) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes SummaryList a templ.Component.
func (p SummaryList) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes RecordList a templ.Component.
func (p RecordList) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes RecordCard a templ.Component.
func (p RecordCard) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Note a templ.Component.
func (p Note) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Inset a templ.Component.
func (p Inset) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes DonePanel a templ.Component.
func (p DonePanel) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes NextList a templ.Component.
func (p NextList) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Timeline a templ.Component.
func (p Timeline) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Ring a templ.Component.
func (p Ring) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes CaseHead a templ.Component.
func (p CaseHead) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Rating a templ.Component.
func (p Rating) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Empty a templ.Component.
func (p Empty) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Loading a templ.Component.
func (p Loading) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Offline a templ.Component.
func (p Offline) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes FailureCard a templ.Component.
func (p FailureCard) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Flash a templ.Component.
func (p Flash) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes DemoLine a templ.Component.
func (p DemoLine) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// Render writes the component; it makes Foot a templ.Component.
func (p Foot) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }

// In is the component around a block of content.
func (p Main) In() templ.Component { return p.view() }

// In is the component around a block of content.
func (p Section) In() templ.Component { return p.view() }

// In is the component around a block of content.
func (p Card) In() templ.Component { return p.view() }

// In is the component around a block of content.
func (p Rail) In() templ.Component { return p.view() }

// In is the component around a block of content.
func (p Details) In() templ.Component { return p.view() }

// In is the component around a block of content.
func (p Form) In() templ.Component { return p.view() }

// In is the component around a block of content.
func (p SlotCard) In() templ.Component { return p.view() }

// In is the component around a block of content.
func (p SummaryList) In() templ.Component { return p.view() }

// In is the component around a block of content.
func (p Inset) In() templ.Component { return p.view() }

// In is the component around a block of content.
func (p CaseHead) In() templ.Component { return p.view() }

// In is the component around a block of content.
func (p Chat) In() templ.Component { return p.view() }

// In is the component around a block of content.
func (p Panel) In() templ.Component { return p.view() }

// In is the component around a block of content.
func (p Filter) In() templ.Component { return p.view() }

// In is the component around a block of content.
func (p Drawer) In() templ.Component { return p.view() }

// Render writes the component; it makes Pointed a templ.Component.
func (p Pointed) Render(ctx context.Context, w io.Writer) error { return p.view().Render(ctx, w) }
