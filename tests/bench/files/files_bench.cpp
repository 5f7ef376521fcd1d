// ./dev bench files [ROWS]: a CSV file cut into pieces, mapped and normalised on one core: rows per second of
// processor time and the largest memory that was held.
#include "canonical/read.hpp"
#include "formats/csv_splitter.hpp"
#include "mapping/mapping.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <sys/resource.h>

using namespace trevo;

namespace {

// A customer file of so many rows in Windows-1252, made while it is read, so that it takes no memory.
class Table {
  public:
    explicit Table(long rows) : left_(rows) {
        text_ = "C\xF3"
                "digo;Nome;CPF;Nascimento;Celular;E-mail;Endere\xE7o;N\xFAmero;Bairro;Cidade;UF;CEP\r\n";
    }

    std::size_t read(char* into, std::size_t size) {
        while (text_.size() - at_ < size && left_ > 0) {
            char row[256];
            const int length = std::snprintf(
                row, sizeof row,
                "%ld;Jo\xE3o da Silva %ld;529.982.247-25;01/05/1980;(11) 9%04ld-%04ld;cliente%ld@example.com;"
                "Rua das Flores;%ld;\"Centro; sul\";S\xE3o Paulo;SP;01310-100\r\n",
                left_, left_, left_ / 10'000 % 10'000, left_ % 10'000, left_, left_ % 999);
            text_.append(row, static_cast<std::size_t>(length));
            --left_;
        }
        const auto count = text_.copy(into, size, at_);
        at_ += count;
        if (at_ > (1 << 20)) {
            text_.erase(0, at_);
            at_ = 0;
        }
        return count;
    }

  private:
    long left_;
    std::string text_;
    std::size_t at_ = 0;
};

enum class Depth { Split, Map, Normalise };

double seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

void run(const char* name, long rows, Depth depth, const mapping::Mapping& mapping) {
    Table table(rows);
    formats::CsvSplitter splitter([&](char* into, std::size_t size) { return table.read(into, size); }, {});
    canonical::Context context;
    context.integration = "bench";
    context.defaultDealer = "centro";
    context.dealerZone = [](std::string_view) { return std::string("America/Sao_Paulo"); };
    context.dealerDdd = [](std::string_view) { return std::string("11"); };
    const double begin = seconds();
    std::size_t found = 0;
    formats::Piece piece;
    while (true) {
        const auto more = splitter.next(piece);
        if (!more || !*more) break;
        if (depth == Depth::Split) {
            found += piece.rows;
            continue;
        }
        const auto mapped = mapping.apply({"text/csv; charset=utf-8", piece.text, {}, piece.lineOffset});
        if (!mapped.ok()) break;
        for (const auto& record : mapped->records)
            found += depth == Depth::Map || canonical::read(record, context).ok() ? 1 : 0;
    }
    const double took = seconds() - begin;
    if (found != static_cast<std::size_t>(rows)) {
        std::fprintf(stderr, "%s: %zu of %ld rows came through\n", name, found, rows);
        std::exit(1);
    }
    rusage usage{};
    getrusage(RUSAGE_SELF, &usage);
    std::printf("%-22s %8ld rows %8.0f rows/s %6.2f us/row, peak memory %ld MB\n", name, rows,
                static_cast<double>(rows) / took, took * 1e6 / static_cast<double>(rows),
                usage.ru_maxrss / 1024);
}

} // namespace

int main(int argc, char** argv) {
    const long rows = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 1'000'000;
    if (rows <= 0) {
        std::fputs("usage: bench_files [rows]\n", stderr);
        return 2;
    }
    const auto mapping = mapping::Mapping::compileFile(TREVO_SOURCE_DIR "/mappings/drop/customers.map.toml");
    if (!mapping.ok()) {
        std::fputs(toml::describe(mapping.error()).c_str(), stderr);
        return 1;
    }
    run("cut and transcoded", rows, Depth::Split, **mapping);
    run("mapped", rows, Depth::Map, **mapping);
    run("mapped and normalised", rows, Depth::Normalise, **mapping);
    return 0;
}
