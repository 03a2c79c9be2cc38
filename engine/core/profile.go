package core

// Channel is how a ticket came in.
type Channel string

// The channels that exist without being declared, each with weight 1.
const (
	ChannelEmail     Channel = "email"
	ChannelWeb       Channel = "web"
	ChannelChat      Channel = "chat"
	ChannelMessaging Channel = "messaging"
	ChannelPhone     Channel = "phone"
	ChannelAPI       Channel = "api"
	ChannelSocial    Channel = "social"
)

// AgentProfile is who an agent is: changed by directory commands only.
type AgentProfile struct {
	ID       AgentID           `json:"id"`
	Name     string            `json:"name,omitempty"`
	Groups   []GroupID         `json:"groups,omitempty"`
	Skills   map[SkillID]uint8 `json:"skills,omitempty"`   // level 1 to 10
	Capacity uint32            `json:"capacity,omitempty"` // units held at once; default CapacityDefault
}

// CapacityDefault is the capacity of an agent whose profile gives none.
const CapacityDefault = 10

// Organization is the customer a requester belongs to.
type Organization struct {
	ID       OrganizationID   `json:"id"`
	Name     string           `json:"name,omitempty"`
	Tier     string           `json:"tier,omitempty"`
	Calendar string           `json:"calendar,omitempty"` // its own hours, for policies that name no calendar
	Fields   map[string]Value `json:"fields,omitempty"`
}
