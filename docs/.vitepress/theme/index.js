// The default theme without its web font: system fonts have Chinese, and nothing is loaded for them.
import Theme from "vitepress/theme-without-fonts";
import "./style.css";

export default Theme;
