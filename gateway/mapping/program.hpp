// A compiled mapping: everything that a name stands for is resolved, so that nothing is looked up per
// document.
#pragma once

#include "mapping/load.hpp"
#include "mapping/mail_lines.hpp"
#include "mapping/mapping.hpp"
#include "mapping/readers.hpp"

namespace trevo::mapping {

enum class Format : unsigned char { Json, Form, Csv, Xml, Mail };

struct Constant {
    Type type = Type::Text;
    std::string text;
};

struct Condition {
    enum class Kind : unsigned char { In, NotIn, Present, Absent };
    Kind kind = Kind::Present;
    Path path;
    std::vector<std::string> words; // lower case
};

// One way to fill a field.
struct Rule {
    std::vector<Condition> when; // all of them
    std::optional<Constant> constant;
    std::vector<Path> paths;
    bool all = false; // every path instead of the first that is present
    const Reader* reader = nullptr;
    ReadOptions options;
    std::vector<std::pair<std::string, Constant>> values; // lower case word -> what is written
    std::optional<Constant> otherwise;                    // for a word that `values` does not name
    std::optional<Constant> fallback;                     // when the document has no value
    std::optional<std::string> join;
    std::string split;
    std::string after, before; // of the value only what stands between
    std::string prefix;
    bool required = false;
};

struct Objects;

struct Target {
    std::vector<std::string> steps; // "customer", "name"
    bool list = false;
    bool required = false;                  // by one of the rules
    std::vector<Rule> rules;                // the first that gives a value
    std::shared_ptr<const Objects> objects; // instead of rules: a list of objects
};

// The objects of one list: "sale/payments".
struct Objects {
    std::vector<Path> each;
    std::vector<Target> targets; // steps within the object; sorted
};

struct Section {
    std::string kind;
    std::vector<Path> each; // the first that selects something; empty: the document
    bool eachOfAll = false; // all of them instead
    std::vector<Condition> when;
    std::vector<Target> targets;         // sorted, so that the fields of one block are neighbours
    std::vector<Target> extra;           // steps.back() is the key under `extra`
    std::vector<std::size_t> requireAny; // into targets: at least one of them has a value
};

// A list whose items hold their own name, read as a table: [{"name":"city","values":["Natal"]}].
struct NamedList {
    Path list;
    Path name; // of the name within an item: one key
};

struct Program {
    std::string id, version;
    std::vector<std::string> contentTypes;
    std::vector<Format> formats;
    std::string charset;
    bool looseKeys = false;
    bool keepUnmapped = true;
    bool allowEmpty = false;
    bool usesParameters = false;
    CsvOptions csv;
    XmlOptions xml;
    std::vector<NamedList> named;
    MailOptions mail;
    std::vector<Path> searchIn;
    std::vector<Path> ignore;
    std::vector<std::vector<Path>> deliveryKey; // parts, each with its alternatives
    std::vector<Section> sections;
    Limits limits;
};

} // namespace trevo::mapping
