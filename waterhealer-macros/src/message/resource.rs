//! Messages about shared resources: the parameters after the value. WH0040 to WH0059.

super::catalogue! {
    TWO_TYPES = "WH0040" {
        "the resource `{name}` is a `{ty}` here and a `{other}` in `{node}`",
        why: "resources go by parameter name: `Resources` has one field `{name}`",
        instead: "write the type the same way in both, or give this one another name"
    }
    NOT_LENT = "WH0041" {
        "the resource `{name}` must be a reference",
        why: "only the first parameter is the value; the others are shared by all calls, and lent to each",
        instead: "write `{name}: &{ty}`"
    }
    LENT_MUTABLY = "WH0042" {
        "the resource `{name}` cannot be `&mut`",
        why: "calls share it, on several threads at once",
        instead: "write `{name}: &{ty}`; to change it, put a `Mutex`, an atomic or a channel's sender into it"
    }
    UNSIZED_RESOURCE = "WH0043" {
        "the resource `{name}` needs a type with a size",
        why: "`Resources` holds the value itself, and `{ty}` has no size of its own",
        instead: "write `{name}: &{instead}`"
    }
    NO_NAME = "WH0044" {
        "a resource needs a name",
        why: "resources go by parameter name: it becomes the field of `Resources`",
        instead: "write one plain name: `db: &Db`"
    }
    BORROWED_RESOURCE = "WH0045" {
        "the resource `{name}` must own its data",
        why: "it is shared by threads that run as long as the process, and `{ty}` has a lifetime in it",
        instead: "use an owned type, and write the reference without a lifetime: `{name}: &Db`"
    }
    CARRIER_RESOURCE = "WH0046" {
        "a carrier cannot be a resource",
        why: "a carrier belongs to one record, and a function gets one: a second could stand in for the first",
        instead: "take `Tracked<T>` or `Batch<T>` as the first parameter only"
    }
    UNUSED_RESOURCE = "WH0047" {
        "`{node}` does not use the resource `{name}`",
        why: "what a node takes is a field of `Resources`, and every program has to make it: here for nothing",
        instead: "take the parameter out, or, if it is meant, write `_{bare}`"
    }
    SHADOWS_NODE = "WH0048" {
        "the resource `{name}` has the name of a node",
        why: "one word would mean two things: in `from` the node, in this function's body the resource",
        instead: "give the parameter another name, such as `shared_{bare}`; it is the name of the field of `Resources`, too"
    }
}
