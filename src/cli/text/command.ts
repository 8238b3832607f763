import { type CommandGroup, examples } from "../command.js";
import { bertModel } from "./bert.js";
import { charactersModel } from "./characters.js";
import { classifyModel } from "./classify.js";
import { learningCommand } from "./learning.js";
import type { TextModel } from "./model.js";
import { pairsModel } from "./pairs.js";
import { useCommands } from "./uses.js";
import { wordsModel } from "./words.js";

/** Everything that can be learned from a text file. */
export const textModels: readonly TextModel[] = [charactersModel, pairsModel, wordsModel, bertModel, classifyModel];

/** `softgrad text`: models of text, learned from a file and used from the folder that they leave. */
export const textCommand: CommandGroup = {
  name: "text",
  summary: "learn from a text file: write on, translate, word vectors, BERT, labels",
  commands: [...textModels.map(learningCommand), ...useCommands],
  describe: (command) =>
    command
      .description(
        "Models of text. A command that learns reads a file, trains, tests on a part that it did not train on, and keeps everything " +
          "about the run in one folder; the others use that folder.",
      )
      .addHelpText(
        "after",
        `${examples([
          ["softgrad text characters book.txt", "a model that writes on"],
          ['softgrad text write runs/book-… --prompt "Call me"', "what it writes"],
          ["softgrad text bert book.txt", "an encoder that has read a book"],
          ["softgrad text classify reviews.tsv --body runs/book-…", "and tells texts apart"],
        ])}\n\n"softgrad text <command> --help" tells more.`,
      ),
};
